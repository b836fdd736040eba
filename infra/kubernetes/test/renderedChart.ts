import { parseAllDocuments } from 'yaml';
import { templateChart, type ValuesName } from './chartTools.js';

type Labels = Readonly<Record<string, string>>;

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string; optional?: boolean } };
}

interface Probe {
  httpGet?: { path: string; port: string };
  tcpSocket?: { port: string };
  periodSeconds: number;
  failureThreshold: number;
}

export interface Container {
  name: string;
  image: string;
  args?: readonly string[];
  env?: readonly EnvironmentVariable[];
  ports?: readonly { name: string; containerPort: number }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  lifecycle?: { preStop: { sleep: { seconds: number } } };
  resources: { requests: Labels; limits: Labels };
  securityContext: Readonly<Record<string, unknown>>;
  volumeMounts?: readonly { name: string; mountPath: string; readOnly?: boolean }[];
}

export interface PodTemplate {
  metadata: { labels: Labels };
  spec: {
    serviceAccountName?: string;
    automountServiceAccountToken: boolean;
    terminationGracePeriodSeconds?: number;
    securityContext: Readonly<Record<string, unknown>>;
    containers: readonly [Container];
    volumes?: readonly { name: string; emptyDir?: { sizeLimit: string }; configMap?: { name: string } }[];
    topologySpreadConstraints?: readonly { topologyKey: string; labelSelector: { matchLabels: Labels } }[];
  };
}

interface Peer {
  podSelector?: { matchLabels: Labels };
}

export interface Rule {
  ports: readonly { protocol: string; port: number }[];
  from?: readonly Peer[];
  to?: readonly Peer[];
}

/** The parts of rendered objects that tests read. */
export interface KubernetesObject {
  kind: string;
  metadata: { name: string; labels: Labels; annotations?: Labels };
  data?: Labels;
  // biome-ignore lint/suspicious/noExplicitAny: each kind has another specification, which kubeconform checks
  spec: any;
}

export interface RenderedChart {
  text: string;
  objects: readonly KubernetesObject[];
  of(kind: string): readonly KubernetesObject[];
  /** @throws Error when there is no such object */
  get(kind: string, name: string): KubernetesObject;
  /** The templates of all pods, by the component they are labelled with. */
  pods: ReadonlyMap<string, PodTemplate>;
}

const COMPONENT = 'app.kubernetes.io/component';

/** @throws Error with the message of Helm when the chart cannot be rendered */
export const renderChart = async (name: ValuesName, set: readonly string[] = []): Promise<RenderedChart> => {
  const { code, out, text } = await templateChart(name, set);
  if (code !== 0) throw new Error(text);
  const objects = parseAllDocuments(out)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const templates = [...of('Deployment'), ...of('Job')].map(({ spec }) => spec.template as PodTemplate);
  return {
    text: out,
    objects,
    of,
    get: (kind, wanted) => {
      const found = of(kind).find(({ metadata }) => metadata.name === wanted);
      if (found === undefined) throw new Error(`there is no ${kind} ${wanted}`);
      return found;
    },
    pods: new Map(templates.map((template) => [template.metadata.labels[COMPONENT] ?? '', template])),
  };
};

/** Whether labels fit a selector. */
export const selects = (matchLabels: Labels, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([label, value]) => labels[label] === value);
