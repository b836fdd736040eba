/**
 * Writes the JSON Schemas of the two kinds of the Prometheus operator that the chart has, from the types of the npm package
 * @kubernetes-models/prometheus-operator: `node infra/kubernetes/writeMonitoringSchemas.mjs <folder of the package>`
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KINDS = ['PodMonitor', 'PrometheusRule'];
const OWN = /^IComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1(\w+)$/;
/** Types of Kubernetes, by their names in definitions.json. */
const KUBERNETES = {
  IIoK8sApimachineryPkgApisMetaV1ObjectMeta: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  IIoK8sApimachineryPkgApisMetaV1Time: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  IIoK8sApimachineryPkgApisMetaV1LabelSelector: 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
  IIoK8sApimachineryPkgUtilIntstrIntOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  IIoK8sApimachineryPkgApiResourceQuantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  IIoK8sApiCoreV1SecretKeySelector: 'io.k8s.api.core.v1.SecretKeySelector',
  IIoK8sApiCoreV1ConfigMapKeySelector: 'io.k8s.api.core.v1.ConfigMapKeySelector',
};

const types = join(process.argv[2], 'monitoring.coreos.com', 'v1');
const $defs = {};

/** @throws Error for a type that this script does not know, so that it cannot write a schema that accepts too much */
const schemaOf = async (type) => {
  const [, item] = /^Array<(.*)>$/s.exec(type) ?? [];
  if (item !== undefined) return { type: 'array', items: await schemaOf(item) };
  const [, value] = /^\{\s*\[key: string\]: (.*);\s*\}$/s.exec(type) ?? [];
  if (value !== undefined) return { type: 'object', additionalProperties: await schemaOf(value) };
  if (/^("[^"]*"( \| )?)+$/.test(type)) return { enum: type.split(' | ').map((text) => JSON.parse(text)) };
  if (['string', 'number', 'boolean'].includes(type)) return { type };
  if (type in KUBERNETES) return { $ref: `definitions.json#/$defs/${KUBERNETES[type]}` };
  const [, own] = OWN.exec(type) ?? [];
  if (own === undefined) throw new Error(`unknown type: ${type}`);
  await keep(own);
  return { $ref: `#/$defs/${own}` };
};

/** A field of a class ends where the next one, or the constructor, begins. */
const FIELD = /^ {4}"(\w+)"(\??): (.*?);(?=\n {4}["cs])/gms;

const keep = async (name) => {
  if (name in $defs) return;
  $defs[name] = {};
  const text = (await readFile(join(types, `${name}.d.ts`), 'utf8')).replaceAll(/\/\*\*.*?\*\//gs, '');
  const [, alias] = /^export type I\w+ = (.*?);$/ms.exec(text) ?? [];
  // A class has the fields of the types that its interface extends, too.
  const [, body = ''] = /^export declare class \w+ [^{]*\{\n(.*?)^\}/ms.exec(text) ?? [];
  if (alias !== undefined) $defs[name] = await schemaOf(alias);
  else {
    const fields = [...body.matchAll(FIELD)];
    if (fields.length === 0) throw new Error(`no fields in ${name}`);
    const properties = {};
    for (const [, field, , type] of fields) properties[field] = await schemaOf(type.trim());
    const required = fields.filter(([, , isOptional]) => isOptional === '').map(([, field]) => field);
    // An empty list is refused by the draft of JSON Schema that kubeconform takes.
    const requirement = required.length === 0 ? {} : { required };
    $defs[name] = { type: 'object', additionalProperties: false, properties, ...requirement };
  }
};

const folder = join(import.meta.dirname, 'schema');
for (const kind of KINDS) {
  await keep(kind);
  const reference = { $ref: `monitoring.json#/$defs/${kind}` };
  await writeFile(join(folder, `${kind.toLowerCase()}-monitoring-v1.json`), `${JSON.stringify(reference)}\n`);
}
await writeFile(join(folder, 'monitoring.json'), `${JSON.stringify({ $defs })}\n`);
