import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, USER_ERASED, USER_ERASURE_STARTED, USER_SUSPENDED, type World } from '../../test/world.js';
import { runProjection } from './runProjection.js';

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
    await append(bob, USER_SUSPENDED, { type: 'RoleGranted', data: { role: 'admin' } });
    const eve = await register('Eve');
    await append(eve, USER_ERASURE_STARTED, USER_ERASED);
    const stop = new AbortController();
    const running = runProjection(runDepsOf(world), stop.signal, () => undefined);
    await until(() => isCaughtUp(world));
    const { rows } = await pool.query(
      'select user_id, name, status, roles, revision from read.user_profile_v1 order by registered_at',
    );
    expect(rows).toEqual([
      { user_id: ada, name: 'Ada King', status: 'active', roles: ['user'], revision: '1' },
      { user_id: bob, name: 'Bob', status: 'suspended', roles: ['user', 'admin'], revision: '2' },
    ]);
    stop.abort();
    await running;
  });
});
