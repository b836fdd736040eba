/**
 * Writes the JSON Schemas of the kinds that the chart has, from the definitions of a version of Kubernetes:
 * `node infra/kubernetes/writeSchemas.mjs _definitions.json`
 *
 * The file is `kubernetes-json-schema/v<version>-local-strict/_definitions.json` of the PyPI package kubernetes-validate.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KINDS = [
  ...['core.v1.ConfigMap', 'core.v1.Service', 'core.v1.ServiceAccount', 'apps.v1.Deployment', 'batch.v1.Job'],
  ...['policy.v1.PodDisruptionBudget', 'autoscaling.v2.HorizontalPodAutoscaler'],
  ...['networking.v1.NetworkPolicy', 'networking.v1.Ingress'],
];

/** Without descriptions, and without null: a template that renders nothing is a mistake. */
const reduced = (schema, isNamed = false) => {
  if (Array.isArray(schema)) return schema.filter((entry) => entry !== 'null').map((entry) => reduced(entry));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([key]) => isNamed || !/^(description|default|x-kubernetes-.*)$/.test(key),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, reduced(value, !isNamed && key === 'properties')]));
};

const { $defs } = JSON.parse(await readFile(process.argv[2], 'utf8'));
const kept = {};
const keep = (name) => {
  if (name in kept) return;
  kept[name] = reduced($defs[name]);
  for (const [, used] of JSON.stringify(kept[name]).matchAll(/"#\/\$defs\/([^"]+)"/g)) keep(used);
};
for (const kind of KINDS) keep(`io.k8s.api.${kind}`);
const folder = join(import.meta.dirname, 'schema');
await writeFile(join(folder, 'definitions.json'), `${JSON.stringify({ $defs: kept })}\n`);
for (const kind of KINDS) {
  const [group, version, name] = kind.split('.');
  // As kubeconform asks for it: `deployment-apps-v1`, and `service-v1` of the group without a name.
  const file = [name.toLowerCase(), ...(group === 'core' ? [] : [group]), version].join('-');
  await writeFile(
    join(folder, `${file}.json`),
    `${JSON.stringify({ $ref: `definitions.json#/$defs/io.k8s.api.${kind}` })}\n`,
  );
}
