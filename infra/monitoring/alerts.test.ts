import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { unknownNames, unknownPlaceholders } from './test/unknownNames.js';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

const FILE = join(import.meta.dirname, 'alerts.yml');
const { groups } = parse(readFileSync(FILE, 'utf8')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

describe('the alert rules', () => {
  it('have different names', () => {
    const names = rules.map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(15);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(rules)('$alert uses only metrics, labels and values that exist', ({ expr }) => {
    expect(unknownNames(expr)).toEqual([]);
  });

  it.each(rules)('$alert has a severity, a duration, and sentences that say what is wrong and what to do', (rule) => {
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.for ?? '1m').toMatch(/^\d+[smh]$/);
    const { summary, runbook } = rule.annotations;
    expect(summary).toMatch(/^\S.{20,}\.$/);
    expect(runbook).toMatch(/^\S.{20,}\.$/);
    expect(unknownPlaceholders(`${summary} ${runbook}`, rule.expr)).toEqual([]);
  });

  it.each([
    ['a process that is not ready', 'ums_ready'],
    ['server errors', 'http_server_request_duration_seconds_count'],
    ['failed log-ins', 'ums_logins_total'],
    ['a projection that is behind', 'ums_projection_lag_seconds'],
    ['parked users', 'ums_projection_parked'],
    ['lost events', 'ums_events_not_delivered_total'],
    ['a reconciler that is behind', 'ums_reconciler_lag_seconds'],
    ['a publisher that is behind', 'ums_publisher_lag_seconds'],
    ['a consumer that is behind', 'ums_consumer_lag_seconds'],
    ['dead messages', 'ums_dead_messages_total'],
    ['a log that contradicts a checkpoint', 'ums_notary_refused'],
    ['receipts that are not signed', 'ums_notary_receipts_up'],
    ['dropped log lines', 'ums_log_lines_total'],
    ['an exhausted pool', 'db_client_connection_pending_requests'],
    ['a full disk', 'ums_data_dir_free_bytes'],
  ])('cover %s', (_what, metric) => {
    expect(rules.filter(({ expr }) => expr.includes(metric))).not.toEqual([]);
  });
});
