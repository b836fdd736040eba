import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { caughtUp, depsOver } from '../../test/deps.js';
import { Crash, faultyPool } from '../../test/faultyPool.js';
import { liveThrough, profiles, randomFrom } from '../../test/history.js';
import { type World, world } from '../../test/world.js';
import { applyBatch } from './applyBatch.js';
import { checkpointOf } from './projection.js';

const ROUNDS = faultRounds({ usual: 20, full: 1_000 });
/** begin, checkpoint, load, upsert, delete, unpark, commit: and one more, which never comes. */
const STATEMENTS = 8;

describe('applyBatch', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  /** Batches until the head, each from what is stored, as after a restart. */
  const drive = async (deps: ReturnType<typeof depsOver>, size: number): Promise<void> => {
    while (!(await caughtUp(here))) {
      const from = await checkpointOf(deps.projection).begin(here.pool, here.logId);
      const batch = await here.eventLog.readAll(from.position < 0n ? undefined : from.position, size);
      await applyBatch(deps, from, batch).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      });
    }
  };

  it('F-10 is whole or did not happen, whichever statement the process dies at', async () => {
    const random = randomFrom(7);
    const expected = await liveThrough(here, 150, random);
    let struck = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await here.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
      const moment = round % 2 === 0 ? 'before' : 'after';
      const size = 5 + Math.floor(random() * 40);
      const from = 1 + Math.floor(random() * STATEMENTS * 6);
      const faulty = faultyPool(here.pool, from, moment);
      await drive({ ...depsOver(here), pool: faulty.pool }, size);
      struck += faulty.struck() ? 1 : 0;
      expect(await profiles(here)).toEqual(expected);
    }
    expect(struck).toBeGreaterThan(ROUNDS / 2);
  });

  it('F-14 is refused when another instance moved the checkpoint, and leaves its rows alone', async () => {
    await here.pool.query('truncate read.checkpoint, read.user_profile_v1, read.parked');
    const deps = depsOver(here);
    const from = await checkpointOf(deps.projection).begin(here.pool, here.logId);
    await drive(deps, 1_000);
    const before = await profiles(here);
    const stale = await here.eventLog.readAll(undefined, 30);
    await expect(applyBatch(deps, from, stale)).rejects.toBeInstanceOf(Superseded);
    await expect(applyBatch(deps, from, stale.slice(0, 1))).rejects.toBeInstanceOf(Superseded);
    expect(await profiles(here)).toEqual(before);
    expect(await caughtUp(here)).toBe(true);
  });

  it('F-12 ignores events it has folded, and takes the checkpoint back for nobody', async () => {
    const deps = depsOver(here);
    const before = await profiles(here);
    const from = await checkpointOf(deps.projection).begin(here.pool, here.logId);
    const again = await here.eventLog.readAll(undefined, 1_000);
    const { checkpoint, parked } = await applyBatch(deps, from, [...again, ...again.slice(0, 50)]);
    expect(checkpoint).toBe(from);
    expect(parked.size).toBe(0);
    expect(await profiles(here)).toEqual(before);
  });
});
