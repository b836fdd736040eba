import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { textOf } from './handbook.js';

interface Rule {
  alert: string;
  labels: { severity: string };
}

it('docs/monitoring.md has a page for each alert, with its severity', () => {
  const { groups } = parse(textOf('infra/monitoring/alerts.yml')) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules).map(({ alert, labels }) => `${alert} ${labels.severity}`);
  const rows = [...textOf('docs/monitoring.md').matchAll(/^\| (Ums\w+) \| (\w+) \| .*\]\(/gm)];
  expect(rows.map(([, alert, severity]) => `${alert} ${severity}`).sort()).toEqual(rules.sort());
});

it('runbooks name only alerts that exist', () => {
  const alerts = textOf('infra/monitoring/alerts.yml');
  const pages = ['log-down', 'vault-down', 'broker-down', 'mail-dead-letters', 'projection-parked', 'disk-full'];
  const named = pages.flatMap((page) => textOf(`docs/runbooks/${page}.md`).match(/\bUms[A-Z]\w+/g) ?? []);
  expect(named.length).toBeGreaterThan(pages.length);
  expect(named.filter((name) => !alerts.includes(`alert: ${name}\n`))).toEqual([]);
});
