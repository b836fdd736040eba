import { describe, expect, it } from '@jest/globals';
import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type pg from 'pg';
import { notifierReadiness } from './notifierReadiness.js';

const answering = (rows: unknown[]): pg.Pool => ({ query: async () => ({ rows }) }) as unknown as pg.Pool;
const down = { query: () => Promise.reject(new Error('no connection')) } as unknown as pg.Pool;
const eventLog = { head: async () => 500n };
const checkpoint = checkpointStore('notifier.checkpoint', 'mail');

describe('the readiness of the notifier', () => {
  it('F-32 is green at any lag, which is told in positions', async () => {
    const pool = answering([{ position: '200', event_id: null, log_id: 'of the test' }]);

    expect(await notifierReadiness({ pool, vault: answering([]), eventLog, checkpoint })()).toEqual({
      ready: true,
      checks: { log: 'up', postgres: 'up', vault: 'up' },
      lag: { positions: 300 },
    });
  });

  it('F-32 is green before the first event', async () => {
    const empty = { head: async () => undefined };

    const readiness = notifierReadiness({
      pool: answering([]),
      vault: answering([]),
      eventLog: empty,
      checkpoint,
    });

    expect(await readiness()).toMatchObject({ ready: true, lag: { positions: 0 } });
  });

  it('F-32 is red while any of them does not answer', async () => {
    const silent = { head: () => Promise.reject(new LogUnavailable()) };
    const up = { pool: answering([]), vault: answering([]), eventLog, checkpoint };

    expect(await notifierReadiness({ ...up, eventLog: silent })()).toMatchObject({
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
