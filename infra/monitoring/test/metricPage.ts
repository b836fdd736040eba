import { allows, METRICS } from './metricList.js';

interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** What a process exposes at `/metrics`. */
export interface MetricPage {
  /** Types by the names of the metrics. */
  types: Readonly<Record<string, string>>;
  samples: readonly Sample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? [^ ]+$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/y;

/** @throws Error for a line that is no sample in the Prometheus text format */
export const parsePage = (text: string): MetricPage => {
  const lines = text.split('\n').filter((line) => line !== '');
  const types = lines.flatMap((line) => {
    const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, type] as const];
  });
  const samples = lines.filter((line) => !line.startsWith('#')).map(parseSample);
  return { types: Object.fromEntries(types), samples };
};

const parseSample = (line: string): Sample => {
  const [, name, labels = ''] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a sample: ${line}`);
  const found: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labels.length) {
    const [, label, value] = LABEL.exec(labels) ?? [];
    if (label === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
    found[label] = value;
  }
  return { name, labels: found };
};

const HISTOGRAM_SUFFIX = /_(bucket|sum|count)$/;

/** The metric that a sample belongs to: samples of histograms have a suffix. */
export const metricOf = (sampleName: string): string => {
  const base = sampleName.replace(HISTOGRAM_SUFFIX, '');
  return METRICS[base]?.type === 'histogram' ? base : sampleName;
};

/** What is on the page and not on the list: metrics, labels and values. */
export const unlisted = ({ types, samples }: MetricPage): string[] => {
  const wrongTypes = Object.entries(types)
    .filter(([name, type]) => METRICS[name]?.type !== type)
    .map(([name, type]) => `${name} (${type})`);
  const wrongSamples = samples.flatMap(({ name, labels }) => {
    const metric = METRICS[metricOf(name)];
    if (metric === undefined) return [name];
    const expected = name.endsWith('_bucket') ? { ...metric.labels, le: /^(\+Inf|[\d.]+)$/ } : metric.labels;
    const missing = Object.keys(expected).filter((label) => labels[label] === undefined);
    const wrong = Object.entries(labels).filter(([label, value]) => !allows(expected[label] ?? [], value));
    return [
      ...missing.map((label) => `${name} without ${label}`),
      ...wrong.map(([label, value]) => `${name}{${label}="${value}"}`),
    ];
  });
  return [...new Set([...wrongTypes, ...wrongSamples])];
};
