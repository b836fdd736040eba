import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import { depsOver } from '../../test/deps.js';
import { type World, world } from '../../test/world.js';
import { applyBatch } from './applyBatch.js';
import { lagMonitor } from './lagMonitor.js';
import { checkpointOf } from './projection.js';

describe('lagMonitor', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  it('F-13 measures since when the head has not been reached, and forgets it once it was', async () => {
    const stop = new AbortController();
    const projection = 'user_profile_v1';
    await here.register('late');
    const monitor = lagMonitor({ ...here, projection, onMeasured: () => undefined, signal: stop.signal, everyMs: 5 });
    await until(() => (monitor.last()?.seconds ?? 0) > 0.02);
    expect(monitor.last()).toMatchObject({ log: true, postgres: true, parked: 0 });
    const from = await checkpointOf({ name: projection }).begin(here.pool, here.logId);
    await applyBatch(depsOver(here), from, await here.eventLog.readAll(undefined, 100));
    await until(() => monitor.last()?.seconds === 0);
    await here.pool.query(`insert into read.parked values ($1, gen_random_uuid(), 1, 'test')`, [projection]);
    await until(() => monitor.last()?.parked === 1);
    stop.abort();
    await monitor.done;
  });

  it('says which of the two cannot be asked, and keeps what it knew', async () => {
    const stop = new AbortController();
    const refusing = { query: () => Promise.reject(new Error('down')) } as unknown as World['pool'];
    const eventLog = { head: () => Promise.reject(new Error('down')) };
    const options = { projection: 'user_profile_v1', onMeasured: () => undefined, signal: stop.signal, everyMs: 5 };
    const monitor = lagMonitor({ pool: refusing, eventLog, ...options });
    await until(() => monitor.last() !== undefined);
    expect(monitor.last()).toEqual({ log: false, postgres: false, seconds: 0, parked: 0 });
    stop.abort();
    await monitor.done;
  });
});
