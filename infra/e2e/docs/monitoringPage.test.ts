import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { handbookPages, textOf } from './handbook.js';

interface Rule {
  alert: string;
  labels: { severity: string };
}

const { groups } = parse(textOf('infra/monitoring/alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const rows = [...textOf('docs/monitoring.md').matchAll(/^\| (Ums\w+) \| (\w+) \| .*\]\(/gm)];

it('docs/monitoring.md leads from alerts to pages, each with its severity', () => {
  expect(rows.length).toBeGreaterThan(20);
  const severities = new Map(rules.map(({ alert, labels }) => [alert, labels.severity]));
  expect(rows.map(([, alert = '', severity]) => ({ alert, severity }))).toEqual(
    rows.map(([, alert = '']) => ({ alert, severity: severities.get(alert) })),
  );
});

it('every alert is on a page of the handbook', () => {
  const handbook = handbookPages().map(textOf).join('\n');
  expect(rules.map(({ alert }) => alert).filter((alert) => !new RegExp(`\\b${alert}\\b`).test(handbook))).toEqual([]);
});

it('runbooks name only alerts that exist', () => {
  const alerts = textOf('infra/monitoring/alerts.yml');
  const pages = ['log-down', 'vault-down', 'broker-down', 'mail-dead-letters', 'projection-parked', 'disk-full'];
  const named = pages.flatMap((page) => textOf(`docs/runbooks/${page}.md`).match(/\bUms[A-Z]\w+/g) ?? []);
  expect(named.length).toBeGreaterThan(pages.length);
  expect(named.filter((name) => !alerts.includes(`alert: ${name}\n`))).toEqual([]);
});
