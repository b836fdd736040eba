import { type AppliedBatch, applyBatch } from '@ums/projector/projection/applyBatch';
import { checkpointOf } from '@ums/projector/projection/projection';
import { wholeOf } from '@ums/projector/projection/wholePlace';
import { storedProfiles } from './randomHistory.js';
import { runDepsOf } from './runDeps.js';
import type { World } from './world.js';

/** What tests of parked keys do and look at. */
export const parkingIn = (world: World) => ({
  /** Applies all events after the checkpoint as one batch. */
  applyAll: async (change: object = {}): Promise<AppliedBatch> => {
    const deps = { ...runDepsOf(world), ...change };
    const from = await checkpointOf(deps.projection).begin(world.pool, world.logId);
    const batch = await world.eventLog.readAll(from.position < 0n ? undefined : from.position, 10_000);
    const applied = await applyBatch(deps, from, batch);
    // It comes from a read, so that nothing is missing.
    await wholeOf(deps.projection).advance(world.pool, applied.checkpoint);
    return applied;
  },
  /** Why a key is parked; `undefined` when it is not. */
  reasonOf: async (userId: string): Promise<string | undefined> => {
    const { rows } = await world.pool.query('select reason from read.parked where key = $1', [userId]);
    return rows[0]?.reason;
  },
  parkedKeys: async (): Promise<string[]> => {
    const { rows } = await world.pool.query<{ key: string }>('select key from read.parked');
    return rows.map(({ key }) => key);
  },
  profileOf: async (userId: string) => (await storedProfiles(world)).find(({ user_id }) => user_id === userId),
  /** Makes all parked keys two minutes older, so that they do not count towards the limit per minute. */
  ageParked: () => world.pool.query(`update read.parked set at = at - interval '2 minutes'`),
});
