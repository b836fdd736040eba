import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Readiness } from '@ums/kit/readiness';
import type pg from 'pg';
import { lagOfCheckpoints, lagOfGroups, notifierReadiness } from './notifierReadiness.js';

const poolWith = (rows: unknown[]): pg.Pool => ({ query: async () => ({ rows }) }) as unknown as pg.Pool;
const down = { query: () => Promise.reject(new Error('no connection')) } as unknown as pg.Pool;
const eventLog = { head: async () => 500n };
const checkpoint = checkpointStore('notifier.checkpoint', 'test');
const none = async () => ({ lag: undefined });

describe('the readiness of the notifier', () => {
  afterEach(() => void jest.useRealTimers());

  it('F-32 is ready at any lag, and reports it in positions', async () => {
    const pool = poolWith([{ position: '200', event_id: null, log_id: 'test log' }]);
    const lag = lagOfCheckpoints(pool, eventLog, [checkpoint]);

    expect(await notifierReadiness({ pool, vault: poolWith([]), eventLog, lag })()).toEqual({
      ready: true,
      checks: { log: 'up', postgres: 'up', vault: 'up' },
      lag: { positions: 300 },
    });
  });

  it('F-32 reports the lag of the checkpoint that is furthest behind', async () => {
    const at = (position: bigint) => ({ read: async () => ({ position, eventId: undefined, logId: 'test log' }) });
    const lag = lagOfCheckpoints(poolWith([]), eventLog, [at(400n), at(100n)]);

    expect(await lag()).toEqual({ lag: { positions: 400 } });
  });

  it('F-32 is ready before the first event', async () => {
    const empty = { head: async () => undefined };
    const pool = poolWith([]);
    const lag = lagOfCheckpoints(pool, empty, [checkpoint]);

    expect(await notifierReadiness({ pool, vault: pool, eventLog: empty, lag })()).toMatchObject({
      ready: true,
      lag: { positions: 0 },
    });
  });

  it('F-03 says within 2.5 s which dependency hangs', async () => {
    const hanging = { query: () => new Promise(() => undefined) } as unknown as pg.Pool;
    const lag = lagOfCheckpoints(hanging, eventLog, [checkpoint]);
    jest.useFakeTimers();
    let answer: Readiness | undefined;
    void notifierReadiness({ pool: hanging, vault: poolWith([]), eventLog, lag })().then((found) => (answer = found));
    await jest.advanceTimersByTimeAsync(2_499);
    expect(answer?.checks).toEqual({ log: 'up', postgres: 'down', vault: 'up' });
  });

  it('F-32 is not ready while the log or a database does not answer', async () => {
    const unavailable = { head: () => Promise.reject(new LogUnavailable()) };
    const pool = poolWith([]);
    const up = { pool, vault: pool, eventLog, lag: none };

    const lag = lagOfCheckpoints(pool, unavailable, [checkpoint]);
    expect(await notifierReadiness({ ...up, eventLog: unavailable, lag })()).toMatchObject({
      ready: false,
      checks: { log: 'down' },
    });
    expect(await notifierReadiness({ ...up, vault: down })()).toMatchObject({
      ready: false,
      checks: { vault: 'down' },
    });
    expect(await notifierReadiness({ ...up, pool: down })()).toEqual({
      ready: false,
      checks: { log: 'up', postgres: 'down', vault: 'up' },
    });
  });

  it('F-21 reports the messages of all groups, and is not ready while some are not delivered', async () => {
    const pool = poolWith([]);
    const group = (lag: number | undefined, isStalled = false) => ({ progress: () => ({ lag, isStalled }) });
    const readiness = (...groups: ReturnType<typeof group>[]) =>
      notifierReadiness({ pool, vault: pool, eventLog, lag: lagOfGroups(groups) })();

    expect(await readiness(group(2), group(3))).toMatchObject({
      ready: true,
      checks: { messages: 'up' },
      lag: { messages: 5 },
    });
    expect(await readiness(group(undefined))).toEqual({
      ready: true,
      checks: { log: 'up', postgres: 'up', vault: 'up', messages: 'up' },
    });
    expect(await readiness(group(1), group(1, true))).toMatchObject({ ready: false, checks: { messages: 'behind' } });
  });
});
