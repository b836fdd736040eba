import { describe, expect, it } from '@jest/globals';
import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type pg from 'pg';
import { notifierReadiness } from './notifierReadiness.js';

const poolWith = (rows: unknown[]): pg.Pool => ({ query: async () => ({ rows }) }) as unknown as pg.Pool;
const down = { query: () => Promise.reject(new Error('no connection')) } as unknown as pg.Pool;
const eventLog = { head: async () => 500n };
const checkpoints = [checkpointStore('notifier.checkpoint', 'test')];

describe('the readiness of the notifier', () => {
  it('F-32 is ready at any lag, and reports it in positions', async () => {
    const pool = poolWith([{ position: '200', event_id: null, log_id: 'test log' }]);

    expect(await notifierReadiness({ pool, vault: poolWith([]), eventLog, checkpoints })()).toEqual({
      ready: true,
      checks: { log: 'up', postgres: 'up', vault: 'up' },
      lag: { positions: 300 },
    });
  });

  it('F-32 reports the lag of the checkpoint that is furthest behind', async () => {
    const at = (position: bigint) => ({ read: async () => ({ position, eventId: undefined, logId: 'test log' }) });
    const readiness = notifierReadiness({
      pool: poolWith([]),
      vault: poolWith([]),
      eventLog,
      checkpoints: [at(400n), at(100n)],
    });

    expect(await readiness()).toMatchObject({ ready: true, lag: { positions: 400 } });
  });

  it('F-32 is ready before the first event', async () => {
    const empty = { head: async () => undefined };

    const readiness = notifierReadiness({
      pool: poolWith([]),
      vault: poolWith([]),
      eventLog: empty,
      checkpoints,
    });

    expect(await readiness()).toMatchObject({ ready: true, lag: { positions: 0 } });
  });

  it('F-32 is not ready while the log or a database does not answer', async () => {
    const unavailable = { head: () => Promise.reject(new LogUnavailable()) };
    const up = { pool: poolWith([]), vault: poolWith([]), eventLog, checkpoints };

    expect(await notifierReadiness({ ...up, eventLog: unavailable })()).toMatchObject({
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
});
