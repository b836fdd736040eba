import { parkingIn } from './parking.js';
import { appendRandomHistory, type ExpectedProfile, seededRandom } from './randomHistory.js';
import { rebuiltTables } from './rebuiltTables.js';
import { createWorld, type World } from './world.js';

/** A world for tests of rebuilds. */
export interface RebuildWorld {
  world: World;
  parking: ReturnType<typeof parkingIn>;
  tables: ReturnType<typeof rebuiltTables>;
  /** The profiles that follow from its history. */
  expected: ExpectedProfile[];
}

/** @param steps of a random history that the live tables have applied. */
export const createRebuildWorld = async (steps: number, seed: number): Promise<RebuildWorld> => {
  const world = await createWorld();
  const parking = parkingIn(world);
  const expected = await appendRandomHistory(world, steps, seededRandom(seed));
  await parking.applyAll();
  return { world, parking, tables: rebuiltTables(world), expected };
};
