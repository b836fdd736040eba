import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { silentLog } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { whileActive } from './whileActive.js';

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('the one active instance', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let stop: AbortController;
  beforeAll(async () => {
    database = await testDatabase();
  });
  beforeEach(() => {
    stop = new AbortController();
  });
  afterEach(() => stop.abort());
  afterAll(() => database.drop());

  const instance = (name: string, work: (signal: AbortSignal) => Promise<void>, signal = stop.signal) =>
    whileActive({ url: database.url, name, signal, log: silentLog, retryMs: 5 }, (active) => work(active.signal));

  it('F-13 lets a standby take over when the active one ends, and only after its work has returned', async () => {
    const order: string[] = [];
    const firstEnd = new AbortController();
    let begun = (): void => undefined;
    const firstBegan = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const first = instance(
      'takeover',
      async (signal) => {
        order.push('first begins');
        begun();
        await ended(signal);
        await execute(database.url, 'select pg_sleep(0.05)');
        order.push('first has returned');
      },
      firstEnd.signal,
    );
    await firstBegan;
    const second = instance('takeover', async () => {
      order.push('second begins');
      stop.abort();
    });

    firstEnd.abort();
    await Promise.all([first, second]);

    expect(order).toEqual(['first begins', 'first has returned', 'second begins']);
  });

  it('F-13 ends the work of an instance whose lock is lost, and begins again', async () => {
    let turns = 0;
    await instance('lost', async (signal) => {
      turns += 1;
      if (turns === 2) return stop.abort();
      const lost = ended(signal);
      await execute(
        database.url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'lock' and datname = current_database()`,
      );
      await lost;
    });

    expect(turns).toBe(2);
  });

  it('F-13 begins again after a failure', async () => {
    let turns = 0;
    await instance('failure', async () => {
      turns += 1;
      if (turns === 2) stop.abort();
      throw new Error('the database was away');
    });

    expect(turns).toBe(2);
  });

  it('F-12 does not try again what refuses to run on this log', async () => {
    await expect(
      instance('refusal', async () => {
        throw new StartRefused('not this log');
      }),
    ).rejects.toThrow(StartRefused);
  });

  it('F-32 ends while it stands by', async () => {
    let standbyWorked = false;
    await instance('standby', async () => {
      const standby = new AbortController();
      const waiting = instance(
        'standby',
        async () => {
          standbyWorked = true;
        },
        standby.signal,
      );
      standby.abort();
      await waiting;
      stop.abort();
    });

    expect(standbyWorked).toBe(false);
  });
});
