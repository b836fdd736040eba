import { expect, it } from '@jest/globals';
import { metricsText } from '../metrics.js';
import { exposeGroupLag } from './exposeGroupLag.js';
import type { GroupOffset } from './groupOffsets.js';

const at = (partition: number, next: bigint, end: bigint): GroupOffset => ({ partition, next, end, metadata: '' });

/** The exposed values, by unit; a missing one is not exposed. */
const exposed = async (): Promise<Record<string, number>> => {
  const lines = (await metricsText()).text.matchAll(/^ums_consumer_lag_(\w+)\{consumer="mail"\} (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, unit, value]) => [unit, Number(value)]));
};

it('F-20 a group lags as long as its slowest partition, also while the broker does not answer', async () => {
  let now = 0;
  const lag = exposeGroupLag('mail', () => now);
  expect(await exposed()).toEqual({});
  lag.measured([at(0, 3n, 3n), at(1, 4n, 9n)]);
  now = 10_000;
  lag.measured([at(0, 8n, 9n), at(1, 4n, 9n)]);
  expect(await exposed()).toEqual({ messages: 6, seconds: 10 });
  now = 60_000;
  expect(await exposed()).toEqual({ messages: 6, seconds: 60 });
  lag.measured([at(0, 9n, 9n), at(1, 9n, 9n)]);
  expect(await exposed()).toEqual({ messages: 0, seconds: 0 });
  lag.hide();
  expect(await exposed()).toEqual({});
});

it('F-20 a group that has caught up, or was never seen, lags while no broker answers for more than a minute', async () => {
  let now = 0;
  const lag = exposeGroupLag('mail', () => now);
  now = 60_000;
  expect(await exposed()).toEqual({});
  now = 61_000;
  expect(await exposed()).toEqual({ seconds: 61 });
  lag.measured([at(0, 3n, 3n)]);
  now = 120_000;
  expect(await exposed()).toEqual({ messages: 0, seconds: 0 });
  now = 400_000;
  expect(await exposed()).toEqual({ messages: 0, seconds: 339 });
  lag.measured([at(0, 4n, 4n)]);
  expect(await exposed()).toEqual({ messages: 0, seconds: 0 });
  lag.hide();
});
