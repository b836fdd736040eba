import { parse, stringify } from 'yaml';

/** Stands for the namespace of the release, which Helm knows. */
const NAMESPACE = '__NAMESPACE__';

/** What must stay as it is: conditions in braces, and the lists of labels of `by` and its like. */
const CONDITIONS = /(\{[^}]*\}|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\))/;
const METRIC = /\b(?:up|(?:ums|http|db|nodejs|process)_\w+)\b/g;

/** The expression, with `condition` on each of its metrics. */
const withCondition = (expression, condition) => {
  const parts = expression.split(CONDITIONS);
  return parts
    .map((part, index) => {
      // Every other part is one that CONDITIONS has found.
      if (index % 2 === 0) {
        const text = part.replace(METRIC, `$&{${condition}}`);
        return parts[index + 1]?.startsWith('{') ? text.slice(0, -1) : text;
      }
      return part.startsWith('{') ? `,${part.slice(1)}` : part;
    })
    .join('');
};

/**
 * The alert rules for a Prometheus that watches other programs too: each metric is one of this release.
 * @param text the rules of a Prometheus that watches this service alone
 * @param jobs the names of the services
 */
export const alertsOfRelease = (text, jobs) => {
  const condition = `namespace="${NAMESPACE}",job=~"${jobs.join('|')}"`;
  const { groups } = parse(text);
  const changed = groups.map(({ name, rules }) => ({
    name,
    rules: rules.map((rule) => ({ ...rule, expr: withCondition(rule.expr, condition) })),
  }));
  const comment = '# Written by `npm run kubernetes:alerts` from infra/monitoring/alerts.yml.\n';
  return comment + stringify({ groups: changed }, { lineWidth: 0 });
};
