import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { unreliableSubscription } from '../../../infra/kit/test/unreliableSubscription.js';
import { until } from '../../../infra/kit/test/until.js';
import { appendRandomHistory, type ExpectedProfile, seededRandom, storedProfiles } from '../../test/randomHistory.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, USER_ERASURE_STARTED, type World } from '../../test/world.js';
import type { RunDeps } from './runProjection.js';
import { supervise } from './supervise.js';

const ROUNDS = faultRounds({ usual: 2, full: 100 });

describe('supervise', () => {
  let world: World;
  let expected: ExpectedProfile[];
  beforeAll(async () => {
    world = await createWorld();
    expected = await appendRandomHistory(world, 300, seededRandom(11));
  });
  afterAll(() => world.close());
  beforeEach(() => world.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked'));

  /** Runs until the checkpoint is at the head. @returns the reasons of the runs that failed. */
  const catchUp = async (change: Partial<RunDeps<UserProfile>> = {}): Promise<string[]> => {
    const restarts: string[] = [];
    const deps = runDepsOf(world);
    const stop = new AbortController();
    const metrics = { ...deps.metrics, restarted: (reason: string) => void restarts.push(reason) };
    const running = supervise({ ...deps, metrics, ...change }, stop.signal);
    await until(() => isCaughtUp(world));
    stop.abort();
    await expect(running).resolves.toBeUndefined();
    return restarts;
  };

  it.each([
    ['repeated', { repeated: 0.1 }],
    ['out of order', { swapped: 0.1 }],
    ['repeated and out of order', { repeated: 0.1, swapped: 0.1 }],
  ])('F-12 gives the same rows when events are delivered %s', async (_name, faults) => {
    for (let round = 1; round <= ROUNDS; round++) {
      await world.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
      const { eventLog, faultCount } = unreliableSubscription(world.eventLog, {
        ...faults,
        random: seededRandom(round),
      });
      await catchUp({ eventLog });
      expect(faultCount()).toBeGreaterThan(5);
      expect(await storedProfiles(world)).toEqual(expected);
    }
  });

  it('F-12 restarts from the checkpoint at a gap and skips nothing', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      await world.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
      const { eventLog, faultCount } = unreliableSubscription(world.eventLog, {
        lost: 0.05,
        random: seededRandom(round),
        maxFaults: 8,
      });
      const restarts = await catchUp({ eventLog });
      expect(faultCount()).toBe(8);
      expect(restarts).toContain('RevisionGap');
      expect(await storedProfiles(world)).toEqual(expected);
    }
  });

  it('F-12 reads the stream itself when the subscription loses the same event again', async () => {
    const userId = await world.register('Gap');
    const { position } = await world.rename(userId, 'never delivered');
    await world.rename(userId, 'delivered');
    const follow: EventLog['follow'] = async function* (after, options) {
      for await (const event of world.eventLog.follow(after, options)) if (event.position !== position) yield event;
    };
    expect(await catchUp({ eventLog: { ...world.eventLog, follow } })).toEqual(['RevisionGap']);
    expect((await storedProfiles(world)).find(({ user_id }) => user_id === userId)).toMatchObject({
      name: 'delivered',
      revision: '2',
    });
    await world.append(userId, USER_ERASURE_STARTED);
  });

  it('F-14 gives the same rows when two instances run at once without the lock', async () => {
    const stop = new AbortController();
    const both = [1, 2].map(() => supervise(runDepsOf(world), stop.signal));
    const more = await appendRandomHistory(world, 100, seededRandom(12));
    await until(() => isCaughtUp(world));
    stop.abort();
    await Promise.all(both);
    const rows = await storedProfiles(world);
    expect(rows.filter(({ user_id }) => more.some((row) => row.user_id === user_id))).toEqual(more);
    expect(rows.filter(({ user_id }) => expected.some((row) => row.user_id === user_id))).toEqual(expected);
    expected = rows;
  });

  it('F-14 writes nothing when it resumes in the middle of a batch that another instance has applied', async () => {
    const deps = runDepsOf(world);
    let pause: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => {
      pause = resolve;
    });
    let resume: () => void = () => undefined;
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const restarts: string[] = [];
    const stop = new AbortController();
    const instance = supervise(
      {
        ...deps,
        keys: {
          ...deps.keys,
          fetch: async (subjects) => {
            pause();
            await resumed;
            return deps.keys.fetch(subjects);
          },
        },
        metrics: { ...deps.metrics, restarted: (reason) => void restarts.push(reason) },
      },
      stop.signal,
    );
    await paused;
    await catchUp();
    resume();
    await until(() => restarts.length > 0);
    expect(restarts).toEqual(['Superseded']);
    stop.abort();
    await instance;
    expect(await storedProfiles(world)).toEqual(expected);
  });

  it('G-02 rebuilds from a log that holds events of erased users, without an error', async () => {
    const erased = expected.slice(0, 4).map(({ user_id }) => user_id);
    for (const userId of erased) {
      await world.append(userId, USER_ERASURE_STARTED);
      await world.destroyKey(userId);
      world.keys.evict(userId);
    }
    expected = expected.slice(4);
    expect(await catchUp()).toEqual([]);
    expect(await storedProfiles(world)).toEqual(expected);
    expect((await world.pool.query('select * from read.parked')).rows).toEqual([]);
  });

  it('F-16 continues after Postgres ends every connection', async () => {
    const stop = new AbortController();
    const running = supervise(runDepsOf(world), stop.signal);
    for (let round = 0; round < 5; round++) {
      await world.register(`while disconnected ${round}`);
      await world.vaultPool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
        [new URL(world.readUrl).pathname.slice(1)],
      );
    }
    await until(() => isCaughtUp(world).catch(() => false));
    stop.abort();
    await running;
    expect(await storedProfiles(world)).toHaveLength(expected.length + 5);
  });

  it('reads at most two batches ahead of a Postgres that hangs', async () => {
    for (let index = 0; index < 3_000; index++)
      await world.eventLog.append(
        'log-filler',
        [{ id: crypto.randomUUID(), type: 'Filler', data: {}, metadata: {} }],
        'any',
      );
    let delivered = 0;
    const follow: EventLog['follow'] = async function* (after, options) {
      for await (const event of world.eventLog.follow(after, options)) {
        delivered++;
        yield event;
      }
    };
    await catchUp();
    await world.pool.query('update read.checkpoint set position = -1, event_id = null');
    const blocker = await world.pool.connect();
    await blocker.query('begin');
    await blocker.query('select from read.checkpoint for update');
    const stop = new AbortController();
    const running = supervise({ ...runDepsOf(world), eventLog: { ...world.eventLog, follow } }, stop.signal);
    await until(() => delivered >= 1_000);
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(delivered).toBeLessThanOrEqual(2_002);
    await blocker.query('rollback');
    blocker.release();
    await until(() => isCaughtUp(world));
    stop.abort();
    await running;
  });
});
