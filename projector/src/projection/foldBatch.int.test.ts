import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { parkingIn } from '../../test/parking.js';
import { runDepsOf } from '../../test/runDeps.js';
import { createWorld, type World } from '../../test/world.js';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { applyBatch } from './applyBatch.js';
import { RevisionGap } from './foldBatch.js';
import { checkpointOf } from './projection.js';
import { retryParked } from './retryParked.js';

describe('foldBatch', () => {
  let world: World;
  let parking: ReturnType<typeof parkingIn>;
  beforeAll(async () => {
    world = await createWorld();
    parking = parkingIn(world);
    await world.register('first');
    await parking.applyAll();
  });
  afterAll(() => world.close());

  /** The events after the checkpoint, without the one at a position. */
  const batchWithout = async (lost: bigint) => {
    const from = await checkpointOf(userProfileV1).begin(world.pool, world.logId);
    const batch = (await world.eventLog.readAll(from.position, 100)).filter(({ position }) => position !== lost);
    return { from, batch, reportedGaps: idsOf(batch) };
  };
  const idsOf = (events: readonly RecordedEvent[]) => new Set(events.map(({ id }) => id));

  it('F-12 parks a user without row or readable key whose registration was never delivered', async () => {
    const userId = await world.register('unseen');
    const registration = (await world.eventLog.head()) ?? 0n;
    await world.append(userId, { type: 'UserSuspended', data: {} });
    await world.vaultPool.query(`update data_key set wrapped = decode(repeat('00', 60), 'hex') where subject = $1`, [
      userId,
    ]);
    const { from, batch, reportedGaps } = await batchWithout(registration);
    await expect(applyBatch(runDepsOf(world), from, batch)).rejects.toBeInstanceOf(RevisionGap);
    await applyBatch({ ...runDepsOf(world), reportedGaps }, from, batch);
    expect(await parking.reasonOf(userId)).toBe('seal-broken');
  });

  it('F-12 parks a user whose stream itself lacks an event', async () => {
    const userId = await world.register('hole');
    const { position } = await world.rename(userId, 'lost');
    await world.rename(userId, 'next');
    const eventLog = {
      ...world.eventLog,
      readStream: async (stream: string) =>
        (await world.eventLog.readStream(stream)).filter((event) => event.position !== position),
    };
    const { from, batch, reportedGaps } = await batchWithout(position);
    await applyBatch({ ...runDepsOf(world), eventLog, reportedGaps }, from, batch);
    expect(await parking.reasonOf(userId)).toBe('revision-gap');
    await retryParked(runDepsOf(world));
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'next' });
  });
});
