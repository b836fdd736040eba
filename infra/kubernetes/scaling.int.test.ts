import { beforeAll, expect, it } from '@jest/globals';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../engines/test/engineForTests.js';
import { serviceFacts } from './test/chartFiles.js';
import type { ValuesName } from './test/chartTools.js';
import { type RenderedChart, renderChart } from './test/renderedChart.js';

describeOnOwn(['helm'], 'the pods of a service', () => {
  let charts: Readonly<Record<ValuesName, RenderedChart>>;
  beforeAll(async () => {
    charts = { required: await renderChart('required'), everything: await renderChart('everything') };
  }, ENGINE_START_TIMEOUT_MS);

  it.each([
    ['required', []],
    ['everything', ['command-api', 'notifier', 'query-api']],
  ] as const)('are as many as an autoscaler says, with the values %s, where several can work', (values, scaled) => {
    const chart = charts[values];
    expect(chart.of('HorizontalPodAutoscaler').map(({ metadata }) => metadata.name)).toEqual(
      scaled.map((name) => `ums-${name}`),
    );
    for (const name of scaled) {
      const { spec } = chart.get('HorizontalPodAutoscaler', `ums-${name}`);
      expect(spec.minReplicas).toBeGreaterThan(1);
      expect(spec.maxReplicas).toBeGreaterThan(spec.minReplicas);
      expect(spec.metrics.map(({ type }: { type: string }) => type)).toEqual(['Resource', 'Pods']);
      expect(spec.metrics[1].pods.metric.name).toBe(serviceFacts[name].scalesOn?.metric);
      expect(chart.get('Deployment', spec.scaleTargetRef.name).spec).not.toHaveProperty('replicas');
    }
  });

  it('of the notifier are more only with Kafka, and metrics of ours count only where an adapter serves them', async () => {
    const chart = await renderChart('required', ['autoscaling={"enabled":true}']);
    expect(
      chart.of('HorizontalPodAutoscaler').map(({ metadata, spec }) => [metadata.name, spec.metrics.length]),
    ).toEqual([
      ['ums-command-api', 1],
      ['ums-query-api', 1],
    ]);
    expect(chart.get('Deployment', 'ums-notifier').spec.replicas).toBe(2);
  });
});
