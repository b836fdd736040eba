import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import { runDepsOf } from '../../test/runDeps.js';
import { createWorld, type World } from '../../test/world.js';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { applyBatch } from './applyBatch.js';
import { lagMonitor } from './lagMonitor.js';
import { checkpointOf } from './projection.js';

describe('lagMonitor', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it('F-13 measures how long the checkpoint is behind, and 0 once it has caught up', async () => {
    const stop = new AbortController();
    const projection = userProfileV1.name;
    await world.register('late');
    const monitor = lagMonitor({ ...world, projection, onMeasured: () => undefined, signal: stop.signal, everyMs: 5 });
    await until(() => (monitor.last()?.seconds ?? 0) > 0.02);
    expect(monitor.last()).toMatchObject({ logReachable: true, postgresReachable: true, parked: 0 });
    const from = await checkpointOf(userProfileV1).begin(world.pool, world.logId);
    await applyBatch(runDepsOf(world), from, await world.eventLog.readAll(undefined, 100));
    await until(() => monitor.last()?.seconds === 0);
    await world.pool.query(`insert into read.parked values ($1, gen_random_uuid(), 1, 'test')`, [projection]);
    await until(() => monitor.last()?.parked === 1);
    stop.abort();
    await monitor.done;
  });

  it('reports an unreachable log and Postgres, and keeps the last values', async () => {
    const stop = new AbortController();
    const pool = { query: () => Promise.reject(new Error('down')) } as unknown as World['pool'];
    const eventLog = { head: () => Promise.reject(new Error('down')) };
    const options = { projection: userProfileV1.name, onMeasured: () => undefined, signal: stop.signal, everyMs: 5 };
    const monitor = lagMonitor({ pool, eventLog, ...options });
    await until(() => monitor.last() !== undefined);
    expect(monitor.last()).toEqual({ logReachable: false, postgresReachable: false, seconds: 0, parked: 0 });
    stop.abort();
    await monitor.done;
  });
});
