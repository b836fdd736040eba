import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { until } from '../../../infra/kit/test/until.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, USER_ERASED, USER_ERASURE_STARTED, USER_SUSPENDED, type World } from '../../test/world.js';
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
});
