import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { metricsText } from '../metrics.js';
import { ANY, LogUnavailable } from './eventLog.js';
import { eventsAfter } from './eventsAfter.js';
import { exposeLag } from './exposeLag.js';

const logOf = async (count: number) => {
  const eventLog = memoryEventLog();
  for (let added = 0; added < count; added++)
    await eventLog.append('elsewhere', [{ id: randomUUID(), type: 'Event', data: {}, metadata: {} }], ANY);
  return { eventLog, position: (index: number) => eventLog.events[index]?.position ?? -1n };
};

/** The exposed values, by unit; a missing one is not exposed. */
const lag = async (): Promise<Record<string, number>> => {
  const lines = (await metricsText()).text.matchAll(/^test_lag_(seconds|events)\{follower="a"\} (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, unit, value]) => [unit, Number(value)]));
};

describe('exposeLag', () => {
  it('F-13 exposes events and seconds since the follower was found behind', async () => {
    const { eventLog, position } = await logOf(5);
    let reached = position(1);
    const remove = exposeLag({ name: 'test_lag', labels: { follower: 'a' }, eventLog, position: async () => reached });
    const first = await lag();
    expect(first.events).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await lag()).seconds).toBeGreaterThanOrEqual(0.015);
    reached = position(4);
    expect(await lag()).toEqual({ seconds: 0, events: 0 });
    remove();
    expect(await lag()).toEqual({});
  });

  it('exposes no lag while it cannot be measured', async () => {
    const { eventLog } = await logOf(1);
    const unavailable = { ...eventLog, head: () => Promise.reject(new LogUnavailable()) };
    const follower = { name: 'test_lag', labels: { follower: 'a' }, position: async () => -1n };
    const remove = exposeLag({ ...follower, eventLog: unavailable });
    expect(await lag()).toEqual({});
    remove();
  });
});

describe('eventsAfter', () => {
  it('counts the events after a position', async () => {
    const { eventLog, position } = await logOf(1_500);
    expect(await eventsAfter(eventLog, -1n)).toBe(1_500);
    expect(await eventsAfter(eventLog, position(0))).toBe(1_499);
    expect(await eventsAfter(eventLog, position(1_499))).toBe(0);
  });

  it('stops counting at 10,000', async () => {
    const page = Array.from({ length: 1_000 }, (_, index) => ({ position: BigInt(index) }));
    expect(await eventsAfter({ readAll: async () => page as never }, -1n)).toBe(10_000);
  });
});
