import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { until } from '../test/until.js';
import { metricsText } from './metrics.js';
import { exposeProcess } from './processMetrics.js';

const valueNamed = async (name: string): Promise<number> => {
  const { text } = await metricsText();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
};

const block = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

describe('exposeProcess', () => {
  it('exposes the process once, however often it is called', async () => {
    exposeProcess();
    exposeProcess();
    expect(await valueNamed('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(await valueNamed('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect((await metricsText()).text).not.toMatch(/nodejs_(eventloop_lag|active_)/);
  });

  it('measures the longest delay of the event loop since the metrics were last read', async () => {
    exposeProcess();
    let longest = 0;
    await until(async () => {
      // A reading begins anew, and the first interval after it is not measured.
      await sleep(1_100);
      block(1_200);
      await sleep(10);
      longest = await valueNamed('nodejs_eventloop_delay_max_seconds');
      return longest > 0.2;
    });
    expect(longest).toBeLessThan(60);
    await until(async () => (await valueNamed('nodejs_eventloop_delay_max_seconds')) < 0.2);
  });

  it('counts the time in which the event loop is active', async () => {
    exposeProcess();
    const active = 'nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"}';
    const before = await valueNamed(active);
    block(50);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await valueNamed(active)) - before).toBeGreaterThanOrEqual(0.04);
  });
});
