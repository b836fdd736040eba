import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { silentLog } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { whileActive } from './whileActive.js';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('whileActive', () => {
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

  const instance = (name: string, work: (signal: AbortSignal) => Promise<void>, signal = stop.signal) => {
    // A busy machine does not cost the holder its lock.
    const url = `${database.url}?query_timeout=${PATIENT_MS}`;
    return whileActive({ url, name, signal, log: silentLog, retryMs: 5 }, (active) => work(active.signal));
  };

  it('F-13 lets a standby take over when the active instance stops, and only after its work has returned', async () => {
    const order: string[] = [];
    const stopFirst = new AbortController();
    let resolveStarted = (): void => undefined;
    const firstStarted = new Promise<void>((resolve) => {
      resolveStarted = resolve;
    });
    const first = instance(
      'takeover',
      async (signal) => {
        order.push('first starts');
        resolveStarted();
        await aborted(signal);
        await execute(database.url, 'select pg_sleep(0.05)');
        order.push('first has returned');
      },
      stopFirst.signal,
    );
    await firstStarted;
    const second = instance('takeover', async () => {
      order.push('second starts');
      stop.abort();
    });

    stopFirst.abort();
    await Promise.all([first, second]);

    expect(order).toEqual(['first starts', 'first has returned', 'second starts']);
  });

  it('F-13 stops the work when the lock is lost, and starts it again', async () => {
    let runs = 0;
    await instance('lost', async (signal) => {
      runs += 1;
      if (runs === 2) return stop.abort();
      const lost = aborted(signal);
      await execute(
        database.url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'lock' and datname = current_database()`,
      );
      await lost;
    });

    expect(runs).toBe(2);
  });

  it('F-13 starts the work again after a failure', async () => {
    let runs = 0;
    await instance('failure', async () => {
      runs += 1;
      if (runs === 2) stop.abort();
      throw new Error('the database was down');
    });

    expect(runs).toBe(2);
  });

  it('F-12 does not retry work that refuses to run on this log', async () => {
    await expect(
      instance('refusal', async () => {
        throw new StartRefused('not this log');
      }),
    ).rejects.toThrow(StartRefused);
  });

  it('F-32 stops while it is a standby', async () => {
    let standbyRan = false;
    await instance('standby', async () => {
      const standby = new AbortController();
      const waiting = instance(
        'standby',
        async () => {
          standbyRan = true;
        },
        standby.signal,
      );
      standby.abort();
      await waiting;
      stop.abort();
    });

    expect(standbyRan).toBe(false);
  });
});
