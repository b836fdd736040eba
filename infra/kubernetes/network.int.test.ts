import { beforeAll, expect, it } from '@jest/globals';
import { API_PREFIX, ROUTES } from '../../contracts/src/routes.js';
import { IN_KUBERNETES, proxyConfig } from '../compose/proxyConfig.mjs';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../engines/test/engineForTests.js';
import { SERVICES } from './test/chartFiles.js';
import type { ValuesName } from './test/chartTools.js';
import { type RenderedChart, type Rule, renderChart, selects } from './test/renderedChart.js';

describeOnOwn(['helm'], 'the network of the chart', () => {
  let charts: Readonly<Record<ValuesName, RenderedChart>>;
  beforeAll(async () => {
    charts = { required: await renderChart('required'), everything: await renderChart('everything') };
  }, ENGINE_START_TIMEOUT_MS);

  const labelsOf = ({ pods }: RenderedChart, component: string) => pods.get(component)?.metadata.labels ?? {};
  /** The rules of the policies that select a component. */
  const rulesOf = (chart: RenderedChart, component: string, direction: 'ingress' | 'egress'): Rule[] =>
    chart
      .of('NetworkPolicy')
      .filter(({ spec }) => selects(spec.podSelector.matchLabels, labelsOf(chart, component)))
      .flatMap(({ spec }) => spec[direction] ?? []);
  /** Which components may connect to which, as the policies of one side say. */
  const connections = (chart: RenderedChart, direction: 'ingress' | 'egress'): string[] => {
    const names = [...chart.pods.keys()];
    const isPeer = (rule: Rule, name: string) =>
      [...(rule.from ?? []), ...(rule.to ?? [])].some(
        ({ podSelector }) => podSelector && selects(podSelector.matchLabels, labelsOf(chart, name)),
      );
    return names.flatMap((name) =>
      rulesOf(chart, name, direction).flatMap((rule) =>
        names
          .filter((other) => isPeer(rule, other))
          .flatMap((other) => rule.ports.map(({ port }) => [name, other, port] as const))
          .map(([own, other, port]) =>
            direction === 'egress' ? `${own} > ${other}:${port}` : `${other} > ${own}:${port}`,
          ),
      ),
    );
  };
  const portsOf = (rules: Rule[]) => [...new Set(rules.flatMap(({ ports }) => ports.map(({ port }) => port)))].sort();

  it('listens on IPv4, and on IPv6 too where pods have such addresses', async () => {
    const listening = ({ pods, get }: RenderedChart) => {
      const hosts = [...pods.values()].map(({ spec }) => spec.containers[0].env?.find(({ name }) => name === 'HOST'));
      const proxy = get('ConfigMap', 'ums-proxy').data?.['nginx.conf'] ?? '';
      return [...new Set(hosts.flatMap((host) => host?.value ?? [])), ...(proxy.match(/\blisten .*;/g) ?? [])];
    };
    expect(listening(charts.required)).toEqual(['0.0.0.0', 'listen 8080;']);
    const both = ['::', 'listen 8080;', 'listen [::]:8080;'];
    expect(listening(charts.everything)).toEqual(both);
    const ipv6 = await renderChart('required', ['podNetworks=["fd00:10:244::/56"]']);
    expect(listening(ipv6)).toEqual(both);
  });

  it('is closed for every pod, in both directions, except as a policy of its component says', () => {
    for (const chart of Object.values(charts)) {
      const [all] = chart.of('NetworkPolicy').filter(({ metadata }) => metadata.name === 'ums-nothing-else');
      expect(all?.spec).not.toHaveProperty('ingress');
      expect(all?.spec).not.toHaveProperty('egress');
      for (const [component, { metadata }] of chart.pods) {
        expect(selects(all?.spec.podSelector.matchLabels, metadata.labels)).toBe(true);
        const own = chart.get('NetworkPolicy', `ums-${component}`);
        expect(own.spec.policyTypes).toEqual(['Ingress', 'Egress']);
        for (const [other, { metadata: otherMetadata }] of chart.pods)
          expect(selects(own.spec.podSelector.matchLabels, otherMetadata.labels)).toBe(other === component);
      }
    }
  });

  it('lets the proxy reach the APIs, query-api the public keys, and nobody else anybody of this release', () => {
    for (const chart of Object.values(charts))
      for (const direction of ['ingress', 'egress'] as const)
        expect(connections(chart, direction).sort()).toEqual([
          'proxy > command-api:8080',
          'proxy > query-api:8080',
          'query-api > command-api:8080',
        ]);
  });

  it('opens the backends that a service has, and no others', () => {
    const opened = (values: ValuesName) =>
      Object.fromEntries(
        [...charts[values].pods.keys()].map((name) => [
          name,
          portsOf(rulesOf(charts[values], name, 'egress')).join(' '),
        ]),
      );
    expect(opened('required')).toEqual({
      'command-api': '2113 443 53 5432',
      'query-api': '2113 443 53 5432 8080',
      projector: '2113 53 5432',
      notifier: '2113 443 53 5432',
      notary: '2113 443 53 5432',
      proxy: '53 8080',
    });
    expect(opened('everything')).toEqual({
      'command-api': '2113 443 53 5432 9200',
      'query-api': '2113 443 53 5432 8080 9200',
      // It has a role at Kafka, and asks AWS for its credentials.
      projector: '2113 443 53 5432 9092 9094 9200',
      notifier: '2113 443 53 5432 9092 9094 9200',
      notary: '2113 443 53 5432 9092 9094 9200',
      proxy: '53 8080',
      databases: '53 5432',
    });
  });

  it('lets metrics be read from the namespace of monitoring only', () => {
    for (const name of SERVICES) {
      const [rule] = rulesOf(charts.required, name, 'ingress').filter(({ ports }) =>
        ports.some(({ port }) => port === 9464),
      );
      expect(rule?.from).toEqual([
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
      ]);
    }
  });

  it('has no policies where they are turned off', async () => {
    const chart = await renderChart('everything', ['networkPolicy.enabled=false']);
    expect(chart.of('NetworkPolicy')).toEqual([]);
  });

  it('sends each route to its service through the proxy, by the table of routes', () => {
    const { data } = charts.required.get('ConfigMap', 'ums-proxy');
    expect(data?.['nginx.conf']?.trim()).toBe(proxyConfig(ROUTES, API_PREFIX, IN_KUBERNETES).trim());
    const upstreams = [...(data?.['release.conf'] ?? '').matchAll(/^upstream (\S+) \{ server (\S+):(\d+); \}$/gm)];
    expect(upstreams.map(([, name]) => name).sort()).toEqual([...new Set(ROUTES.map(({ owner }) => owner))].sort());
    for (const [, name = '', host = '', port] of upstreams) {
      const { spec } = charts.everything.get('Service', host);
      expect(spec.ports).toMatchObject([{ port: Number(port), targetPort: 'http' }]);
      expect(selects(spec.selector, labelsOf(charts.everything, name))).toBe(true);
    }
  });

  it('has one host, that of PUBLIC_URL, which leads to the proxy', () => {
    expect(charts.required.of('Ingress')).toEqual([]);
    const [ingress] = charts.everything.of('Ingress');
    const [rule, ...others] = ingress?.spec.rules ?? [];
    expect([rule.host, others, ingress?.spec.tls]).toEqual([
      'users.example.org',
      [],
      [{ hosts: ['users.example.org'], secretName: 'users-tls' }],
    ]);
    const [{ path, backend }] = rule.http.paths;
    expect([path, rule.http.paths.length, backend.service.port]).toEqual(['/', 1, { name: 'http' }]);
    const { spec } = charts.everything.get('Service', backend.service.name);
    expect(selects(spec.selector, labelsOf(charts.everything, 'proxy'))).toBe(true);
  });

  it('R-03 believes what is in front of the proxy, and the APIs the proxy, who a client is', () => {
    const sources = (chart: RenderedChart) =>
      [
        ...(chart.get('ConfigMap', 'ums-proxy').data?.['release.conf'] ?? '').matchAll(/^set_real_ip_from (\S+);$/gm),
      ].map(([, network]) => network);
    expect([sources(charts.required), sources(charts.everything)]).toEqual([['10.244.0.0/16'], ['10.0.0.0/24']]);
    for (const name of ['command-api', 'query-api']) {
      const { env = [] } = charts.everything.pods.get(name)?.spec.containers[0] ?? {};
      expect(env.find((variable) => variable.name === 'TRUSTED_PROXIES')?.value).toBe('10.244.0.0/16,fd00:10:244::/56');
    }
  });
});
