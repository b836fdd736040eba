import { METRICS } from './metricList.js';
import { metricOf } from './metricPage.js';
import { promQlNames, type Selector } from './promQl.js';

/** Labels that Prometheus adds to every sample. */
const TARGET_LABELS = ['job', 'instance'];
/** What Prometheus records of each target itself. */
const UP = 'up';

/** The labels that the samples of a metric have; `undefined` if there is no such metric. */
const labelsOf = (sampleName: string): readonly string[] | undefined => {
  if (sampleName === UP) return TARGET_LABELS;
  const base = metricOf(sampleName);
  const metric = METRICS[base];
  // Samples of a histogram have a suffix.
  if (metric === undefined || (metric.type === 'histogram' && base === sampleName)) return undefined;
  return [...Object.keys(metric.labels), ...TARGET_LABELS, ...(sampleName.endsWith('_bucket') ? ['le'] : [])];
};

/** Whether any value that the label may take meets the condition. */
const canMatch = (metric: string, { label, operator, value }: Selector['matchers'][number]): boolean => {
  const values = METRICS[metricOf(metric)]?.labels[label];
  const tests = (found: string): boolean => {
    const isEqual = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
    return operator.startsWith('!') ? !isEqual : isEqual;
  };
  if (values === undefined) return true;
  if (values instanceof RegExp) return Array.from({ length: 500 }, (_, index) => String(100 + index)).some(tests);
  const alternatives = operator === '=~' ? value.split('|') : [];
  return values.some(tests) && (value.includes('.') || alternatives.every((one) => values.includes(one)));
};

/** Metrics, labels and values in an expression that no process exposes. */
export const unknownNames = (expression: string): string[] => {
  const { selectors, labels } = promQlNames(expression);
  const unknown = selectors.flatMap(({ metric, matchers }) => {
    const known = labelsOf(metric);
    if (known === undefined) return [metric];
    const missing = matchers.filter(({ label }) => !known.includes(label)).map(({ label }) => `${metric}{${label}}`);
    const unmatched = matchers.filter((matcher) => !canMatch(metric, matcher));
    return [...missing, ...unmatched.map(({ label, operator, value }) => `${metric}{${label}${operator}"${value}"}`)];
  });
  const used = new Set(selectors.flatMap(({ metric }) => labelsOf(metric) ?? []));
  return [...unknown, ...labels.filter((label) => !used.has(label))];
};

/** Labels in a text for people, such as `{{ $labels.job }}` or `{{job}}`, that the expression does not leave. */
export const unknownPlaceholders = (text: string, expression: string): string[] => {
  const { selectors, labels } = promQlNames(expression);
  const left = labels.length > 0 ? labels : selectors.flatMap(({ metric }) => labelsOf(metric) ?? []);
  const named = [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label);
  return named.filter((label) => !left.includes(label));
};
