import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { API_PREFIX, ROUTES } from '../../contracts/src/routes.js';
import { IN_KUBERNETES, proxyConfig } from '../compose/proxyConfig.mjs';
import { readText, serviceOf } from '../e2e/compose/composeFile.js';
import { METRICS } from '../monitoring/test/metricList.js';
import { promQlNames } from '../monitoring/test/promQl.js';
import { alertsOfRelease } from './alertsOfRelease.mjs';
import { readChart, SERVICES, serviceFacts } from './test/chartFiles.js';

interface Rules {
  groups: { name: string; rules: { alert: string; expr: string }[] }[];
}
const rulesIn = (text: string) => (parse(text) as Rules).groups.flatMap(({ rules }) => rules);

describe('the files of the chart', () => {
  it('have the routes of the table', () => {
    if (readChart('files/nginx.conf') !== proxyConfig(ROUTES, API_PREFIX, IN_KUBERNETES))
      throw new Error('files/nginx.conf is stale: run `npm run compose:proxy`');
  });

  it('have the alert rules of infra/monitoring', () => {
    const rules = alertsOfRelease(readText('infra/monitoring/alerts.yml'), Object.keys(serviceFacts));
    if (readChart('files/alerts.yaml') !== rules)
      throw new Error('files/alerts.yaml is stale: run `npm run kubernetes:alerts`');
  });

  it('are of the version of this repository, and of the proxy that docker-compose.yml runs', () => {
    const { version } = JSON.parse(readText('package.json'));
    const chart = parse(readChart('Chart.yaml'));
    expect([chart.version, chart.appVersion]).toEqual([version, version]);
    const { proxy, image } = parse(readChart('values.yaml'));
    expect(`${proxy.image.repository}:${proxy.image.tag}`).toBe(serviceOf('proxy').image);
    expect(`${image.repository}:${version}`).toBe(serviceOf('command-api').image);
  });

  it('limit memory in the smallest size as docker-compose.yml does', () => {
    const { small } = parse(readChart('files/sizes.yaml'));
    for (const name of [...SERVICES, 'proxy']) {
      const limit = small[name].memoryLimit.replace('Mi', 'm').replace('Gi', 'g');
      expect(`${name} ${limit}`).toBe(`${name} ${serviceOf(name).mem_limit}`);
    }
  });
});

describe('the alert rules of a release', () => {
  const before = rulesIn(readText('infra/monitoring/alerts.yml'));
  const after = rulesIn(readChart('files/alerts.yaml'));

  it.each(before.map((rule, index) => ({ rule, changed: after[index] })))(
    '$rule.alert watches this release only, and is the same otherwise',
    ({ rule, changed }) => {
      const { selectors, labels } = promQlNames(changed?.expr ?? '');
      for (const { matchers } of selectors)
        expect(matchers.slice(0, 2)).toEqual([
          { label: 'namespace', operator: '=', value: '__NAMESPACE__' },
          { label: 'job', operator: '=~', value: Object.keys(serviceFacts).join('|') },
        ]);
      const without = selectors.map(({ metric, matchers }) => ({ metric, matchers: matchers.slice(2) }));
      expect({ selectors: without, labels }).toEqual(promQlNames(rule.expr));
      expect({ ...changed, expr: '' }).toEqual({ ...rule, expr: '' });
    },
  );

  it('keep lists of labels, and the order of what is computed', () => {
    const text = JSON.stringify({
      groups: [{ name: 'g', rules: [{ expr: 'max by (http_route) (ums_a{b="c"}) / on(db_x) up > 0' }] }],
    });
    const [rule] = rulesIn(alertsOfRelease(text, ['one', 'two']));
    const condition = 'namespace="__NAMESPACE__",job=~"one|two"';
    expect(rule?.expr).toBe(`max by (http_route) (ums_a{${condition},b="c"}) / on(db_x) up{${condition}} > 0`);
  });
});

describe('prometheus-adapter-values.yaml', () => {
  interface AdapterRule {
    seriesQuery: string;
    name: { as: string };
    metricsQuery: string;
  }
  const { custom } = parse(readText('infra/kubernetes/prometheus-adapter-values.yaml')).rules as {
    custom: AdapterRule[];
  };

  it('has a rule for each metric on which a service scales, and no other', () => {
    const metrics = Object.values(serviceFacts).flatMap(({ scalesOn }) => scalesOn?.metric ?? []);
    expect(custom.map(({ name }) => name.as).sort()).toEqual(metrics.sort());
  });

  it.each(custom)('$name.as is made of a metric that exists, by pod', ({ seriesQuery, metricsQuery }) => {
    const [{ metric, matchers } = { metric: '', matchers: [] }] = promQlNames(seriesQuery).selectors;
    const listed = METRICS[metric];
    for (const { label, value } of matchers.filter(({ value }) => value !== ''))
      expect(listed?.labels[label]).toContain(value);
    expect(matchers.filter(({ value }) => value === '').map(({ label }) => label)).toEqual(['namespace', 'pod']);
    expect(metricsQuery).toContain('<<.Series>>{<<.LabelMatchers>>');
    expect(listed).toBeDefined();
  });
});
