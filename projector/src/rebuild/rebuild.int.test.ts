import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { storedProfiles } from '../../test/randomHistory.js';
import { createRebuildWorld, type RebuildWorld } from '../../test/rebuildWorld.js';
import { runDepsOf } from '../../test/runDeps.js';
import { MASTER_KEY, USER_ERASED, USER_ERASURE_STARTED, type World } from '../../test/world.js';
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

  describe('an erasure while a rebuild is at earlier events of the user', () => {
    /** Rebuilds in small pages, and runs `interrupt` when the page with an event has been read; fails a little later. */
    const buildInterrupted = async (userId: string, stored: bigint, interrupt: () => Promise<void>) => {
      let isOver = false;
      const readAll: typeof world.eventLog.readAll = async (after, limit) => {
        const page = await world.eventLog.readAll(after, limit);
        if (isOver && page.some(({ position }) => position > stored + 8n)) throw new Error('killed');
        if (!isOver && page.some(({ position }) => position === stored)) {
          isOver = true;
          await interrupt();
        }
        return page;
      };
      const keys = vaultDataKeys({ pool: world.vaultPool, masterKeys: masterKeys(MASTER_KEY), clock: systemClock });
      const interrupted = { ...deps(), keys, eventLog: { ...world.eventLog, readAll }, eventsPerBatch: 2 };
      // It stays in the cache of this rebuild.
      await keys.fetch([userId]);
      await expect(rebuild(interrupted, () => undefined)).rejects.toThrow('killed');
      expect(isOver).toBe(true);
    };
    const rowsOf = async (userId: string, suffix: string) =>
      (await world.pool.query(`select from read.user_profile_v1${suffix} where user_id = $1`, [userId])).rowCount;
    const positionsOf = (userId: string) =>
      world.eventLog.events.filter(({ stream }) => stream === userStream(userId)).map(({ position }) => position);
    const others = async () => {
      for (let at = 0; at < 8; at++) await world.rename(await world.register(`other ${at}`), 'renamed');
    };

    it.each([
      ['the first', 0],
      ['a later one', 1],
    ])('G-02 stores no row of the user again from %s, though it has opened it', async (_, at) => {
      const userId = await world.register('Canary');
      await others();
      await world.rename(userId, 'Canary Two');
      await others();
      await parking.applyAll();
      const erase = async () => {
        await world.append(userId, USER_ERASURE_STARTED);
        await parking.applyAll();
        // The key of the user outlives the erasure of the rows for a moment, and in the cache of the rebuild for longer.
        expect([await rowsOf(userId, ''), await rowsOf(userId, '_next')]).toEqual([0, 0]);
      };
      await buildInterrupted(userId, positionsOf(userId)[at] ?? -1n, erase);
      expect(await rowsOf(userId, '_next')).toBe(0);
      await world.destroyKey(userId);
      await build();
      await switchTables(deps());
      expect(await rowsOf(userId, '')).toBe(0);
      const { rows } = await world.pool.query('select from read.parked where key = $1', [userId]);
      expect(rows).toEqual([]);
    });
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
