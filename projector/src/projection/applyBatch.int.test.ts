import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { Crash, faultyPool } from '../../../infra/kit/test/faultyPool.js';
import { appendRandomHistory, seededRandom, storedProfiles } from '../../test/randomHistory.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, type World } from '../../test/world.js';
import { applyBatch } from './applyBatch.js';
import { checkpointOf } from './projection.js';

const ROUNDS = faultRounds({ usual: 20, full: 1_000 });
/** Upper bound; at most seven are sent: begin, checkpoint, load, upsert, delete, unpark, commit. */
const STATEMENTS_PER_BATCH = 8;

describe('applyBatch', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Applies batches up to the head of the log. Each starts from the stored checkpoint, as after a restart. */
  const applyToHead = async (deps: ReturnType<typeof runDepsOf>, size: number): Promise<void> => {
    while (!(await isCaughtUp(world))) {
      const from = await checkpointOf(deps.projection).begin(world.pool, world.logId);
      const batch = await world.eventLog.readAll(from.position < 0n ? undefined : from.position, size);
      await applyBatch(deps, from, batch).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      });
    }
  };

  it('F-10 leaves rows and checkpoint both changed or both unchanged, whichever statement a crash hits', async () => {
    const random = seededRandom(7);
    const expected = await appendRandomHistory(world, 150, random);
    let crashes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await world.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
      const moment = round % 2 === 0 ? 'before' : 'after';
      const size = 5 + Math.floor(random() * 40);
      const statement = 1 + Math.floor(random() * STATEMENTS_PER_BATCH * 6);
      const faulty = faultyPool(world.pool, statement, moment);
      await applyToHead({ ...runDepsOf(world), pool: faulty.pool }, size);
      crashes += faulty.crashed() ? 1 : 0;
      expect(await storedProfiles(world)).toEqual(expected);
    }
    expect(crashes).toBeGreaterThan(ROUNDS / 2);
  });

  it('F-14 throws Superseded and changes no row when another instance moved the checkpoint', async () => {
    await world.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
    const deps = runDepsOf(world);
    const from = await checkpointOf(deps.projection).begin(world.pool, world.logId);
    await applyToHead(deps, 1_000);
    const before = await storedProfiles(world);
    const stale = await world.eventLog.readAll(undefined, 30);
    await expect(applyBatch(deps, from, stale)).rejects.toBeInstanceOf(Superseded);
    await expect(applyBatch(deps, from, stale.slice(0, 1))).rejects.toBeInstanceOf(Superseded);
    expect(await storedProfiles(world)).toEqual(before);
    expect(await isCaughtUp(world)).toBe(true);
  });

  it('F-12 ignores events already folded and never moves the checkpoint back', async () => {
    const deps = runDepsOf(world);
    const before = await storedProfiles(world);
    const from = await checkpointOf(deps.projection).begin(world.pool, world.logId);
    const repeated = await world.eventLog.readAll(undefined, 1_000);
    const { checkpoint, parked } = await applyBatch(deps, from, [...repeated, ...repeated.slice(0, 50)]);
    expect(checkpoint).toBe(from);
    expect(parked.size).toBe(0);
    expect(await storedProfiles(world)).toEqual(before);
  });
});
