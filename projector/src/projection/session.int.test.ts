import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { ERASED_AT_LAST, ERASURE_STARTED, SUSPENDED, type World, world } from '../../test/world.js';
import { userProfileV1 } from '../user/userProfileV1.js';
import { projectionMetrics } from './projectionMetrics.js';
import { runSession } from './session.js';

describe('runSession', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  it('folds what people did into rows and passes everything else', async () => {
    const { pool, log, keys, register, rename, append } = here;
    const ada = await register('Ada');
    const bob = await register('Bob');
    await rename(ada, 'Ada King');
    await append(bob, SUSPENDED, { type: 'RoleGranted', data: { role: 'admin' } });
    const eve = await register('Eve');
    await append(eve, ERASURE_STARTED, ERASED_AT_LAST);
    const stop = new AbortController();
    const deps = {
      projection: userProfileV1,
      pool,
      log,
      keys,
      suspects: new Set<string>(),
      logs: silentLog,
      metrics: projectionMetrics('test'),
    };
    const session = runSession(deps, stop.signal, () => undefined);
    const head = String(await log.head());
    await until(async () => (await pool.query('select position from read.checkpoint')).rows[0]?.position === head);
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
