import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { until } from '../../../infra/kit/test/until.js';
import { caughtUp, depsOver } from '../../test/deps.js';
import { type Expected, liveThrough, profiles, randomFrom } from '../../test/history.js';
import { unruly } from '../../test/unruly.js';
import { ERASURE_STARTED, type World, world } from '../../test/world.js';
import type { RunDeps } from './run.js';
import { supervise } from './supervise.js';

const ROUNDS = faultRounds({ usual: 2, full: 100 });

describe('supervise', () => {
  let here: World;
  let expected: Expected[];
  beforeAll(async () => {
    here = await world();
    expected = await liveThrough(here, 300, randomFrom(11));
  });
  afterAll(() => here.close());
  beforeEach(() => here.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked'));

  /** Runs until the checkpoint is at the head; counts the sessions that failed. */
  const catchUp = async (change: Partial<RunDeps<UserProfile>> = {}): Promise<string[]> => {
    const restarts: string[] = [];
    const deps = depsOver(here);
    const stop = new AbortController();
    const metrics = { ...deps.metrics, restarted: (reason: string) => void restarts.push(reason) };
    const running = supervise({ ...deps, metrics, ...change }, stop.signal);
    await until(() => caughtUp(here));
    stop.abort();
    await expect(running).resolves.toBeUndefined();
    return restarts;
  };

  it.each([
    ['repeated', { again: 0.1 }],
    ['out of order', { swapped: 0.1 }],
    ['repeated and out of order', { again: 0.1, swapped: 0.1 }],
  ])('F-12 folds deliveries that come %s as if they had not', async (_name, faults) => {
    for (let round = 1; round <= ROUNDS; round++) {
      await here.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
      const { eventLog, deeds } = unruly(here.eventLog, { ...faults, random: randomFrom(round) });
      await catchUp({ eventLog });
      expect(deeds()).toBeGreaterThan(5);
      expect(await profiles(here)).toEqual(expected);
    }
  });

  it('F-12 stops at a gap and starts again from the checkpoint: nothing is skipped', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      await here.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
      const { eventLog, deeds } = unruly(here.eventLog, { lost: 0.05, random: randomFrom(round), most: 8 });
      const restarts = await catchUp({ eventLog });
      expect(deeds()).toBe(8);
      expect(restarts).toContain('RevisionGap');
      expect(await profiles(here)).toEqual(expected);
    }
  });

  it('F-12 asks the stream itself when a subscription loses the same event again and again', async () => {
    const userId = await here.register('Gap');
    const { position } = await here.rename(userId, 'never delivered');
    await here.rename(userId, 'delivered');
    const follow: EventLog['follow'] = async function* (after, options) {
      for await (const event of here.eventLog.follow(after, options)) if (event.position !== position) yield event;
    };
    expect(await catchUp({ eventLog: { ...here.eventLog, follow } })).toEqual(['RevisionGap']);
    expect((await profiles(here)).find(({ user_id }) => user_id === userId)).toMatchObject({
      name: 'delivered',
      revision: '2',
    });
    await here.append(userId, ERASURE_STARTED);
  });

  it('F-14 leaves the same rows when two fold at once past each other, without the lock', async () => {
    const stop = new AbortController();
    const both = [1, 2].map(() => supervise(depsOver(here), stop.signal));
    const more = await liveThrough(here, 100, randomFrom(12));
    await until(() => caughtUp(here));
    stop.abort();
    await Promise.all(both);
    const rows = await profiles(here);
    expect(rows.filter(({ user_id }) => more.some((row) => row.user_id === user_id))).toEqual(more);
    expect(rows.filter(({ user_id }) => expected.some((row) => row.user_id === user_id))).toEqual(expected);
    expected = rows;
  });

  it('F-14 a leader that wakes up in the middle of a batch changes nothing any more', async () => {
    const deps = depsOver(here);
    let paused: () => void = () => undefined;
    const pausing = new Promise<void>((resolve) => {
      paused = resolve;
    });
    let wake: () => void = () => undefined;
    const sleeping = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const restarts: string[] = [];
    const stop = new AbortController();
    const leader = supervise(
      {
        ...deps,
        keys: {
          ...deps.keys,
          fetch: async (subjects) => {
            paused();
            await sleeping;
            return deps.keys.fetch(subjects);
          },
        },
        metrics: { ...deps.metrics, restarted: (reason) => void restarts.push(reason) },
      },
      stop.signal,
    );
    await pausing;
    await catchUp();
    wake();
    await until(() => restarts.length > 0);
    expect(restarts).toEqual(['Superseded']);
    stop.abort();
    await leader;
    expect(await profiles(here)).toEqual(expected);
  });

  it('G-02 folds a log in which people were erased midway, from the beginning, without an error', async () => {
    const others = expected.slice(0, 4).map(({ user_id }) => user_id);
    for (const userId of others) {
      await here.append(userId, ERASURE_STARTED);
      await here.destroyKey(userId);
      here.keys.forget(userId);
    }
    expected = expected.slice(4);
    expect(await catchUp()).toEqual([]);
    expect(await profiles(here)).toEqual(expected);
    expect((await here.pool.query('select * from read.parked')).rows).toEqual([]);
  });

  it('F-16 goes on after Postgres cut every connection', async () => {
    const stop = new AbortController();
    const running = supervise(depsOver(here), stop.signal);
    for (let round = 0; round < 5; round++) {
      await here.register(`during cut ${round}`);
      await here.vaultPool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
        [new URL(here.readUrl).pathname.slice(1)],
      );
    }
    await until(() => caughtUp(here).catch(() => false));
    stop.abort();
    await running;
    expect(await profiles(here)).toHaveLength(expected.length + 5);
  });

  it('reads the log no faster than a slow Postgres takes it', async () => {
    for (let index = 0; index < 3_000; index++)
      await here.eventLog.append(
        'log-filler',
        [{ id: crypto.randomUUID(), type: 'Filler', data: {}, metadata: {} }],
        'any',
      );
    let given = 0;
    const follow: EventLog['follow'] = async function* (after, options) {
      for await (const event of here.eventLog.follow(after, options)) {
        given++;
        yield event;
      }
    };
    await catchUp();
    await here.pool.query('update read.checkpoint set position = -1, event_id = null');
    const blocker = await here.pool.connect();
    await blocker.query('begin');
    await blocker.query('select from read.checkpoint for update');
    const stop = new AbortController();
    const running = supervise({ ...depsOver(here), eventLog: { ...here.eventLog, follow } }, stop.signal);
    await until(() => given >= 1_000);
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBeLessThanOrEqual(2_002);
    await blocker.query('rollback');
    blocker.release();
    await until(() => caughtUp(here));
    stop.abort();
    await running;
  });
});
