import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { until } from '../../../infra/kit/test/until.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, USER_ERASED, USER_ERASURE_STARTED, USER_SUSPENDED, type World } from '../../test/world.js';
import type { Projection } from './projection.js';
import { runProjection } from './runProjection.js';

const OTHER = { type: 'SessionStarted', data: {}, metadata: {} };

describe('runProjection', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it('folds the events of users into rows and skips all others', async () => {
    const { pool, register, rename, append } = world;
    const ada = await register('Ada');
    const bob = await register('Bob');
    await rename(ada, 'Ada King');
    await append(bob, { type: 'UserLocaleChanged', data: { locale: 'de' } }, USER_SUSPENDED, {
      type: 'RoleGranted',
      data: { role: 'admin' },
    });
    const eve = await register('Eve');
    await append(eve, USER_ERASURE_STARTED, USER_ERASED);
    const stop = new AbortController();
    const running = runProjection(runDepsOf(world), stop.signal, () => undefined);
    await until(() => isCaughtUp(world));
    const { rows } = await pool.query(
      'select user_id, name, status, roles, locale, revision from read.user_profile_v1 order by registered_at',
    );
    expect(rows).toEqual([
      { user_id: ada, name: 'Ada King', status: 'active', roles: ['user'], locale: 'en', revision: '1' },
      { user_id: bob, name: 'Bob', status: 'suspended', roles: ['user', 'admin'], locale: 'de', revision: '3' },
    ]);
    stop.abort();
    await running;
  });

  it('does not write the checkpoint for each event of other streams, but soon after them', async () => {
    const deps = runDepsOf(world);
    let [skipped, moves] = [0, 0];
    const countSkipped = (count: number): void => {
      skipped += count;
    };
    const metrics = { ...deps.metrics, skipped: countSkipped };
    const query = (...args: unknown[]) => {
      if ((args[0] as { name?: string }).name?.startsWith('move')) moves += 1;
      return (world.pool.query as (...given: unknown[]) => unknown)(...args);
    };
    const pool = new Proxy(world.pool, {
      get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)),
    });
    const stop = new AbortController();
    const startedAt = performance.now();
    const running = runProjection({ ...deps, pool, metrics }, stop.signal, () => undefined);
    for (let count = 1; count <= 20; count++) {
      await world.eventLog.append(signinStream(randomUUID()), [{ ...OTHER, id: randomUUID() }], NO_STREAM);
      await until(() => skipped >= count);
    }
    const longest = (performance.now() - startedAt) / 500 + 1;
    expect(moves).toBeLessThanOrEqual(longest);
    await until(() => isCaughtUp(world));
    stop.abort();
    await running;
  });

  describe('with rows of an earlier version', () => {
    const runWith = (prepare: NonNullable<Projection['prepare']>, signal: AbortSignal) => {
      const deps = runDepsOf(world);
      const projection = { ...deps.projection, prepare };
      return runProjection({ ...deps, projection }, signal, () => undefined);
    };

    it('follows the log while it completes them, and ends only when both have ended', async () => {
      const stop = new AbortController();
      let complete: (count: number) => void = () => undefined;
      const completed = new Promise<number>((resolve) => (complete = resolve));
      let ended = false;
      const running = runWith(() => completed, stop.signal).finally(() => (ended = true));
      const userId = await world.register('Ada');
      await until(() => isCaughtUp(world));
      const { rows } = await world.pool.query('select name from read.user_profile_v1 where user_id = $1', [userId]);
      expect(rows).toEqual([{ name: 'Ada' }]);
      stop.abort();
      await setImmediate();
      expect(ended).toBe(false);
      complete(1);
      await running;
    });

    it('stops following when they cannot be completed', async () => {
      const failure = new Error('no connection');
      const failing = runWith(() => Promise.reject(failure), new AbortController().signal);
      await expect(failing).rejects.toBe(failure);
    });

    it('stops completing them when following fails', async () => {
      const deps = runDepsOf(world);
      const failure = new Error('log closed');
      let isStopped = false;
      const prepare = (_: unknown, signal: AbortSignal) =>
        new Promise<number>((resolve) =>
          signal.addEventListener('abort', () => {
            isStopped = true;
            resolve(0);
          }),
        );
      const eventLog = {
        ...world.eventLog,
        // biome-ignore lint/correctness/useYield: it fails before the first event
        follow: async function* () {
          throw failure;
        },
      };
      const projection = { ...deps.projection, prepare };
      const running = runProjection({ ...deps, projection, eventLog }, new AbortController().signal, () => undefined);
      await expect(running).rejects.toBe(failure);
      expect(isStopped).toBe(true);
    });
  });
});
