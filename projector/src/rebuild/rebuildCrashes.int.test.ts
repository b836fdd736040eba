import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Crash, faultyPool } from '../../../infra/kit/test/faultyPool.js';
import { storedProfiles } from '../../test/randomHistory.js';
import { createRebuildWorld, type RebuildWorld } from '../../test/rebuildWorld.js';
import { runDepsOf } from '../../test/runDeps.js';
import type { World } from '../../test/world.js';
import { compareTables } from './compareTables.js';
import { rebuild } from './rebuild.js';
import { switchTables } from './switchTables.js';

const TIMEOUT_MS = 300_000;
const MOMENTS = ['before', 'after'] as const;

describe('a rebuild that is killed', () => {
  let world: World;
  let parking: RebuildWorld['parking'];
  let tables: RebuildWorld['tables'];
  let expected: RebuildWorld['expected'];
  beforeAll(async () => {
    ({ world, parking, tables, expected } = await createRebuildWorld(60, 1717));
  });
  afterAll(() => world.close());

  const deps = () => ({ ...runDepsOf(world), eventsPerBatch: 20 });
  const build = (change: object = {}) => rebuild({ ...deps(), ...change }, () => undefined);

  /** Lets work crash at its first statement, then at its second, and so on, until it has fewer. @returns how many it has */
  const crashEverywhere = async (
    moment: (typeof MOMENTS)[number],
    work: (pool: World['pool']) => Promise<unknown>,
    afterCrash: () => Promise<void>,
  ): Promise<number> => {
    for (let statement = 1; ; statement++) {
      const { pool, crashed } = faultyPool(world.pool, statement, moment);
      const outcome = await work(pool).catch((error: unknown) => error);
      if (!crashed()) return statement - 1;
      expect(outcome).toBeInstanceOf(Crash);
      await afterCrash();
    }
  };

  it.each(MOMENTS)(
    'F-17 %s any of its statements ends in the same rows when it is run again',
    async (moment) => {
      const { projection } = deps();
      const statements = await crashEverywhere(
        moment,
        (pool) => build({ pool }),
        async () => {
          expect(await storedProfiles(world)).toEqual(expected);
          await build();
          const found = await compareTables(world.pool, projection);
          expect(found).toMatchObject({ onlyLive: 0, onlyNext: 0, differing: 0 });
          for (const { live, next } of found.tables.filter(({ table }) => !table.includes('count')))
            expect(next).toBe(live);
          await tables.dropAll();
        },
      );
      expect(statements).toBeGreaterThan(30);
      await tables.dropAll();
    },
    TIMEOUT_MS,
  );

  it.each(MOMENTS)(
    'F-17 %s any statement of a switch leaves either the tables before or those after, and can be run again',
    async (moment) => {
      const shape = await tables.shape();
      let switched = 0;
      await build();
      const userId = await world.register(`folded by the switch ${moment}`);
      await parking.applyAll();
      const now = await storedProfiles(world);
      const statements = await crashEverywhere(
        moment,
        (pool) => switchTables({ ...deps(), pool }),
        async () => {
          expect(await storedProfiles(world)).toEqual(now);
          if ((await tables.copies()).includes('next')) return;
          switched += 1;
          await tables.dropAll();
          expect(await tables.shape()).toEqual(shape);
          await build();
        },
      );
      expect(statements).toBeGreaterThan(30);
      // Only an answer to `commit` that is lost leaves the tables switched.
      expect(switched).toBe(moment === 'after' ? 1 : 0);
      await world.rename(userId, 'renamed after the switch');
      await parking.applyAll();
      expect(await parking.profileOf(userId)).toMatchObject({ name: 'renamed after the switch' });
      expect(await tables.directoryFaults()).toEqual([]);
      await tables.dropAll();
      expect(await tables.shape()).toEqual(shape);
    },
    TIMEOUT_MS,
  );
});
