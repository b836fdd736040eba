import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parkingIn } from '../../test/parking.js';
import { rebuiltTables } from '../../test/rebuiltTables.js';
import { runDepsOf } from '../../test/runDeps.js';
import { createWorld, userRegistered, type World } from '../../test/world.js';
import { rebuild } from './rebuild.js';
import { restoreOld } from './restoreOld.js';
import { switchTables } from './switchTables.js';

describe('what rebuilds and switches refuse', () => {
  let world: World;
  let parking: ReturnType<typeof parkingIn>;
  let tables: ReturnType<typeof rebuiltTables>;
  beforeAll(async () => {
    world = await createWorld();
    parking = parkingIn(world);
    tables = rebuiltTables(world);
  });
  afterAll(() => world.close());
  beforeEach(() => tables.dropAll());

  const deps = () => runDepsOf(world);
  const build = () => rebuild(deps(), () => undefined);

  it('F-17 a rebuild of a projection that has never run', async () => {
    await expect(build()).rejects.toThrow('The projection user_profile_v1 has never run.');
    await world.register();
    await parking.applyAll();
  });

  it('F-17 a switch to tables that are missing or incomplete', async () => {
    await expect(switchTables(deps())).rejects.toThrow('run rebuild user_profile_v1 first');
    await build();
    await world.pool.query('drop index read.user_term_v1_standing_next');
    await expect(switchTables(deps())).rejects.toThrow('run rebuild user_profile_v1 again');
    await build();
    await switchTables(deps());
  });

  it('F-17 a switch while the tables before the last one are still there', async () => {
    await build();
    await switchTables(deps());
    await build();
    await expect(switchTables(deps())).rejects.toThrow('run drop user_profile_v1 old first');
    await expect(restoreOld(world.pool, deps().projection)).rejects.toThrow('run drop user_profile_v1 next first');
  });

  it('F-17 a switch to tables that are more than 1,000 events behind', async () => {
    await build();
    const userId = await world.register();
    for (let n = 0; n < 1_000; n++) await world.rename(userId, `name ${n}`);
    await parking.applyAll();
    await expect(switchTables(deps())).rejects.toThrow('more than 1000 events behind');
    await build();
    await switchTables(deps());
    expect(await parking.profileOf(userId)).toMatchObject({ revision: '1000' });
  });

  it('F-17 a copy made before a migration changed the tables', async () => {
    await build();
    await world.pool.query('alter table read.user_profile_v1 add column added text');
    await expect(build()).rejects.toThrow('A migration has changed the tables of user_profile_v1');
    await expect(switchTables(deps())).rejects.toThrow('A migration has changed the tables of user_profile_v1');
    await world.pool.query('alter table read.user_profile_v1 drop column added');
    await switchTables(deps());
  });

  it('F-15 a switch that would park a profile that readers see; keys parked on both sides do not matter', async () => {
    const keyless = randomUUID();
    await world.append(keyless, userRegistered('keyless', keyless));
    await parking.applyAll();
    await build();
    const userId = await world.register('parked by the rebuild');
    await parking.applyAll();
    const { projection } = deps();
    const reduce: typeof projection.reduce = (row, fact) => {
      if (fact.stream.endsWith(userId)) throw new RangeError('a bug in the reducer');
      return projection.reduce(row, fact);
    };
    await rebuild({ ...deps(), projection: { ...projection, reduce } }, () => undefined);
    await expect(switchTables(deps())).rejects.toThrow('1 keys are parked in user_profile_v1_next that are not parked');
    await build();
    await switchTables(deps());
    expect(await parking.profileOf(userId)).toBeDefined();
    expect(await parking.reasonOf(keyless)).toBe('missing-key');
  });

  it('F-17 gives up when a long statement keeps the tables locked, and has changed nothing', async () => {
    await build();
    const reader = await world.pool.connect();
    await reader.query('begin');
    await reader.query('select from read.user_profile_v1 limit 1');
    await expect(switchTables(deps(), 300)).rejects.toThrow('Nothing was switched');
    expect(await tables.copies()).toEqual(['next']);
    await reader.query('rollback');
    reader.release();
    await switchTables(deps());
  });
});
