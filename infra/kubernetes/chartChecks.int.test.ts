import { beforeAll, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readText } from '../e2e/compose/composeFile.js';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../engines/test/engineForTests.js';
import { promQlNames } from '../monitoring/test/promQl.js';
import { type Ended, lintChart, templateChart, VALUES, type ValuesName, validateObjects } from './test/chartTools.js';
import { renderChart } from './test/renderedChart.js';

const NAMES = Object.keys(VALUES) as ValuesName[];

describeOnOwn(['helm', 'kubeconform'], 'the chart', () => {
  let rendered: Readonly<Record<ValuesName, Ended>>;
  beforeAll(async () => {
    // The first run on a machine compiles both programs.
    const [required, everything] = [await templateChart('required'), await templateChart('everything')];
    await validateObjects('');
    rendered = { required, everything };
  }, ENGINE_START_TIMEOUT_MS);

  it.each(NAMES)('passes helm lint with the values %s', async (name) => {
    expect(await lintChart(name)).toMatchObject({ code: 0, text: expect.stringContaining('0 chart(s) failed') });
  });

  it.each(NAMES)('makes objects that Kubernetes knows, with the values %s', async (name) => {
    const { code, text } = await validateObjects(rendered[name].out);
    expect(text).toMatch(/Invalid: 0, Errors: 0, Skipped: 0$/m);
    expect([code, text.includes('Valid: 0')]).toEqual([0, false]);
  });

  it.each([
    ['a field that does not exist', 'readOnlyRootFilesystem: true', 'readOnlyRootFileSystem: true'],
    ['a value of another type', 'automountServiceAccountToken: false', "automountServiceAccountToken: 'no'"],
    ['a value that is missing', 'revisionHistoryLimit: 5', 'revisionHistoryLimit:'],
    ['a kind that does not exist', 'kind: NetworkPolicy', 'kind: NetworkPolicies'],
    ['a field of monitoring that does not exist', 'podMetricsEndpoints:', 'podMetricEndpoints:'],
    ['a field of alerts that does not exist', 'groups:', 'group:'],
  ])('would not pass with %s', async (_what, right, wrong) => {
    expect(rendered.everything.out).toContain(right);
    const { code, text } = await validateObjects(rendered.everything.out.replaceAll(right, wrong));
    expect(code).toBe(1);
    expect(text).not.toMatch(/Invalid: 0, Errors: 0/);
  });

  it.each([
    ['no settings', 'settings=null', 'settings'],
    ['no sender of mail', 'settings.MAIL_FROM=null', 'MAIL_FROM'],
    [
      'a setting that no service reads',
      'settings.MAIL_FORM="a@example.org"',
      'settings.MAIL_FORM: no service reads it',
    ],
    ['a secret among the settings', 'settings.MASTER_KEY="c2VjcmV0"', 'settings.MASTER_KEY: no service reads it'],
    ['a number that YAML would write as 1e+06', 'settings.LIMIT_MAILS_PER_SOURCE=1000000', 'got number, want string'],
    ['networks that trust everybody', 'podNetworks=["0.0.0.0/0"]', 'podNetworks'],
    ['a value that is misspelt', 'networkPolicies={}', 'networkPolicies'],
    [
      'a path that the Ingress would not remove',
      'settings.PUBLIC_URL="https://example.org/users"',
      'PUBLIC_URL has a path',
    ],
  ])('K-01 is refused with %s', async (_what, set, message) => {
    const { code, text } = await templateChart('everything', [set]);
    expect([code, text]).toEqual([1, expect.stringContaining(message)]);
  });

  it('lets Prometheus name the services as the dashboard and the alerts do', async () => {
    const chart = await renderChart('everything');
    const { spec } = chart.get('PodMonitor', 'ums-services');
    const jobs: string[] = parse(readText('infra/monitoring/prometheus.yml')).scrape_configs.map(
      ({ job_name }: { job_name: string }) => job_name,
    );
    expect(spec.jobLabel).toBe('app.kubernetes.io/component');
    expect(spec.selector.matchExpressions[0].values).toEqual(jobs.sort());
    for (const job of jobs)
      expect(chart.pods.get(job)?.spec.containers[0].ports).toContainEqual({ name: 'metrics', containerPort: 9464 });
    const rules: { expr: string }[] = chart
      .get('PrometheusRule', 'ums-alerts')
      .spec.groups.flatMap(({ rules }: { rules: unknown[] }) => rules);
    const namespaces = rules.flatMap(({ expr }) =>
      promQlNames(expr).selectors.map(({ matchers }) => matchers[0]?.value),
    );
    expect(new Set(namespaces)).toEqual(new Set(['users']));
    expect(chart.text).not.toContain('__NAMESPACE__');
  });
});
