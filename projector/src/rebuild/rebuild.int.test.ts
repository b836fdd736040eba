import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { storedProfiles } from '../../test/randomHistory.js';
import { createRebuildWorld, type RebuildWorld } from '../../test/rebuildWorld.js';
import { runDepsOf } from '../../test/runDeps.js';
import { USER_ERASED, USER_ERASURE_STARTED, type World } from '../../test/world.js';
import { applyBatch } from '../projection/applyBatch.js';
import { checkpointOf } from '../projection/projection.js';
import { wholeOf } from '../projection/wholePlace.js';
import { compareTables } from './compareTables.js';
import { type RebuildProgress, rebuild } from './rebuild.js';
import { restoreOld } from './restoreOld.js';
import { switchTables } from './switchTables.js';

const SAME = { onlyLive: 0, onlyNext: 0, differing: 0 };

describe('a rebuild beside the live tables', () => {
  let world: World;
  let parking: RebuildWorld['parking'];
  let tables: RebuildWorld['tables'];
  let expected: RebuildWorld['expected'];
  beforeAll(async () => {
    ({ world, parking, tables, expected } = await createRebuildWorld(200, 17));
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await tables.dropAll();
    await parking.applyAll();
  });

  const deps = () => runDepsOf(world);
  const build = () => rebuild(deps(), () => undefined);
  const compare = () => compareTables(world.pool, deps().projection);

  it('F-17 makes tables equal to the live ones, which a switch gives the same indexes, triggers, functions and grants', async () => {
    const shape = await tables.shape();
    await build();
    expect(await compare()).toMatchObject(SAME);
    expect(await switchTables(deps())).toBe(await world.eventLog.head());
    expect(await tables.copies()).toEqual(['old']);
    expect(await tables.shape()).toEqual(shape);
    expect(await storedProfiles(world)).toEqual(expected);
    expect(await tables.directoryFaults()).toEqual([]);
  });

  it('F-17 repairs rows that differ from the log, and counts them before the switch', async () => {
    const { rows } = await world.pool.query(
      `update read.user_profile_v1 set name = 'wrong'
       where user_id = (select min(user_id::text)::uuid from read.user_profile_v1) returning user_id`,
    );
    await world.pool.query(
      'delete from read.user_profile_v1 where user_id = (select max(user_id::text)::uuid from read.user_profile_v1)',
    );
    await build();
    expect(rows).toHaveLength(1);
    expect(await compare()).toMatchObject({ onlyLive: 0, onlyNext: 1, differing: 1 });
    await switchTables(deps());
    expect(await storedProfiles(world)).toEqual(expected);
    expect(await tables.directoryFaults()).toEqual([]);
  });

  it('counts no rows that say nothing, which only the live tables have', async () => {
    await world.pool.query('insert into read.user_count_v1 (standing, users) values (30000, 0)');
    await build();
    const { tables: counted } = await compare();
    expect(counted.map(({ table }) => table)).toContain('read.user_count_v1');
    expect(counted.filter(({ live, next }) => live !== next || live === 0)).toEqual([]);
  });

  it('F-17 reports the events applied, its position and the head of the log', async () => {
    const reports: RebuildProgress[] = [];
    await rebuild({ ...deps(), eventsPerBatch: 50 }, (progress) => reports.push(progress));
    const head = await world.eventLog.head();
    expect(reports.length).toBeGreaterThan(3);
    expect(new Set(reports.map((report) => report.head))).toEqual(new Set([head]));
    expect(reports.at(-1)).toMatchObject({ phase: 'indexes', position: head, events: world.eventLog.events.length });
  });

  it('F-17 continues from its checkpoint and takes in what was appended since', async () => {
    await build();
    await world.register('appended after the rebuild');
    expect(await build()).toBe(1);
    await parking.applyAll();
    expect(await compare()).toMatchObject(SAME);
  });

  it('F-17 leaves the live projection running: it goes on after the switch, with triggers', async () => {
    await build();
    const userId = await world.register('between rebuild and switch');
    await parking.applyAll();
    await switchTables(deps());
    expect(await parking.profileOf(userId)).toMatchObject({ revision: '0' });
    await world.rename(userId, 'after the switch');
    await parking.applyAll();
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'after the switch' });
    expect(await tables.directoryFaults()).toEqual([]);
  });

  it('F-17 moves the live checkpoint forward where the rebuilt tables are ahead of it', async () => {
    const userId = await world.register('not yet in the live tables');
    await build();
    await switchTables(deps());
    expect(await parking.profileOf(userId)).toBeDefined();
    await parking.applyAll();
  });

  it('G-02 deletes an erased user from the tables that are rebuilt and from the old ones', async () => {
    const userId = await world.register('erased in copies');
    await parking.applyAll();
    await build();
    await switchTables(deps());
    await build();
    await world.append(userId, USER_ERASURE_STARTED);
    await world.destroyKey(userId);
    await world.append(userId, USER_ERASED);
    await parking.applyAll();
    for (const table of ['user_profile_v1', 'user_term_v1'])
      for (const suffix of ['', '_next', '_old']) {
        const { rows } = await world.pool.query(`select 1 from read.${table}${suffix} where user_id = $1`, [userId]);
        expect([table + suffix, rows]).toEqual([table + suffix, []]);
      }
    await build();
    expect(await compare()).toMatchObject(SAME);
  });

  it('F-12 F-17 catches the old tables up from where they were whole, with what the live ones had not got before a switch', async () => {
    const { projection } = deps();
    const userId = await world.register('renamed next');
    await parking.applyAll();
    await world.rename(userId, 'not delivered');
    const from = await checkpointOf(projection).begin(world.pool, world.logId);
    await world.register('delivered');
    await applyBatch(deps(), from, world.eventLog.events.slice(-1));
    await build();
    await switchTables(deps());
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'not delivered' });
    expect(await wholeOf(projection).read(world.pool)).toEqual(await checkpointOf(projection).read(world.pool));
    await restoreOld(world.pool, projection);
    expect(await build()).toBe(2);
    expect(await compare()).toMatchObject(SAME);
    expected = await storedProfiles(world);
  });

  it('F-17 brings the old tables back: they catch up from their checkpoint and are switched to', async () => {
    await build();
    await switchTables(deps());
    const userId = await world.register('after the switch');
    await parking.applyAll();
    await restoreOld(world.pool, deps().projection);
    expect(await build()).toBe(1);
    const shape = await tables.shape();
    await switchTables(deps());
    expect(await parking.profileOf(userId)).toBeDefined();
    expect(await tables.directoryFaults()).toEqual([]);
    await tables.dropAll();
    expect(JSON.stringify(shape)).toContain('_next');
    expect(JSON.stringify(await tables.shape())).not.toMatch(/_next|_old/);
  });
});
