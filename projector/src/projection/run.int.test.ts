import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import { caughtUp, depsOver } from '../../test/deps.js';
import { ERASED_AT_LAST, ERASURE_STARTED, SUSPENDED, type World, world } from '../../test/world.js';
import { runProjection } from './run.js';

describe('runProjection', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  it('folds what people did into rows and passes everything else', async () => {
    const { pool, register, rename, append } = here;
    const ada = await register('Ada');
    const bob = await register('Bob');
    await rename(ada, 'Ada King');
    await append(bob, SUSPENDED, { type: 'RoleGranted', data: { role: 'admin' } });
    const eve = await register('Eve');
    await append(eve, ERASURE_STARTED, ERASED_AT_LAST);
    const stop = new AbortController();
    const session = runProjection(depsOver(here), stop.signal, () => undefined);
    await until(() => caughtUp(here));
    const { rows } = await pool.query(
      'select user_id, name, status, roles, revision from read.user_profile_v1 order by registered_at',
    );
    expect(rows).toEqual([
      { user_id: ada, name: 'Ada King', status: 'active', roles: ['user'], revision: '1' },
      { user_id: bob, name: 'Bob', status: 'suspended', roles: ['user', 'admin'], revision: '2' },
    ]);
    stop.abort();
    await session;
  });
});
