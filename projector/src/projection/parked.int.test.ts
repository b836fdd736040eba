import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@ums/contracts/events/event';
import type { EventToAppend } from '@ums/kit/event-log/eventLog';
import { parkingIn } from '../../test/parking.js';
import { createWorld, USER_ERASURE_STARTED, userRegistered, type World } from '../../test/world.js';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { ProjectionStopped } from './parked.js';
import { checkpointOf } from './projection.js';

describe('parking', () => {
  let world: World;
  let parking: ReturnType<typeof parkingIn>;
  beforeAll(async () => {
    world = await createWorld();
    parking = parkingIn(world);
  });
  afterAll(() => world.close());

  const renamed: DomainEvent = { type: 'UserRenamed', data: { name: 'next' } };
  const changed = (userId: string, change: Partial<EventToAppend>): EventToAppend => ({
    ...world.stored(userId, renamed),
    ...change,
  });
  const faultyEvents: [string, (userId: string, other: string) => EventToAppend, string][] = [
    ['whose data is text', (id) => changed(id, { data: 'not json' as never }), 'undecodable UserRenamed data'],
    ['that lacks a field', (id) => changed(id, { data: {} }), 'undecodable UserRenamed name'],
    ['whose field has another type', (id) => changed(id, { data: { name: 7 } }), 'undecodable UserRenamed name'],
    ['without metadata', (id) => changed(id, { metadata: {} }), 'undecodable UserRenamed metadata.$correlationId'],
    [
      "with another user's ciphertext",
      (id, other) => changed(id, { data: world.stored(other, renamed).data }),
      'seal-broken',
    ],
    [
      'with a name that Postgres cannot store',
      (id) => world.stored(id, { type: 'UserRenamed', data: { name: 'a\u0000b' } }),
      'sql 22021',
    ],
  ];

  it.each(faultyEvents)(
    'F-15 parks the user of an event %s and applies the events of all others',
    async (_name, faultyEvent, reason) => {
      const { applyAll, profileOf } = parking;
      await parking.ageParked();
      const [before, faulty, after] = [
        await world.register('before'),
        await world.register('faulty'),
        await world.register('after'),
      ];
      await applyAll();
      await world.rename(before, 'before it');
      await world.appendStored(faulty, [faultyEvent(faulty, before)]);
      await world.rename(after, 'after it');
      const { parked } = await applyAll();
      expect([...parked.keys()]).toEqual([faulty]);
      expect(await parking.reasonOf(faulty)).toBe(reason);
      expect(await profileOf(faulty)).toBeUndefined();
      expect([(await profileOf(before))?.name, (await profileOf(after))?.name]).toEqual(['before it', 'after it']);
      await world.rename(faulty, 'still parked');
      expect((await applyAll()).parked.size).toBe(0);
      expect(await profileOf(faulty)).toBeUndefined();
    },
  );

  it('F-15 parks only those users of a batch whose rows Postgres rejects', async () => {
    await parking.ageParked();
    const userIds = [];
    for (let index = 0; index < 9; index++) userIds.push(await world.register('healthy'));
    const faulty = [userIds[2], userIds[3], userIds[8]] as string[];
    for (const userId of faulty) await world.rename(userId, 'a\u0000b');
    const { parked } = await parking.applyAll();
    expect([...parked.keys()].sort()).toEqual([...faulty].sort());
    for (const userId of userIds)
      expect((await parking.profileOf(userId))?.name).toBe(faulty.includes(userId) ? undefined : 'healthy');
  });

  it('F-15 skips and counts an event of unknown type and advances the revision of the row', async () => {
    const userId = await world.register('known');
    await world.appendStored(userId, [changed(userId, { type: 'UserWavedGoodbye', data: {} })]);
    expect(await parking.applyAll()).toMatchObject({ unknown: 1 });
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'known', revision: '1' });
    await world.rename(userId, 'known still');
    await parking.applyAll();
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'known still', revision: '2' });
  });

  it('F-15 parks a user whose data key is missing without an erasure record and leaves no row', async () => {
    await parking.ageParked();
    const userId = randomUUID();
    await world.append(userId, userRegistered('keyless', userId));
    await parking.applyAll();
    expect(await parking.reasonOf(userId)).toBe('missing-key');
    expect(await parking.profileOf(userId)).toBeUndefined();
  });

  it('F-15 unparks a user on erasure and leaves no row', async () => {
    const userIds = await parking.parkedKeys();
    expect(userIds.length).toBeGreaterThan(0);
    for (const userId of userIds) await world.append(userId, USER_ERASURE_STARTED);
    await parking.applyAll();
    expect(await parking.parkedKeys()).toEqual([]);
    for (const userId of userIds) expect(await parking.profileOf(userId)).toBeUndefined();
  });

  it('F-15 stops and changes nothing when more than ten keys fail within a minute', async () => {
    const before = await checkpointOf(userProfileV1).begin(world.pool, world.logId);
    const userIds: string[] = [];
    for (let index = 0; index < 11; index++) {
      const userId = randomUUID();
      userIds.push(userId);
      await world.append(userId, userRegistered('keyless', userId));
    }
    await expect(parking.applyAll()).rejects.toBeInstanceOf(ProjectionStopped);
    expect(await parking.parkedKeys()).toEqual([]);
    expect(await checkpointOf(userProfileV1).begin(world.pool, world.logId)).toEqual(before);
    await world.storeKey(userIds[0] as string);
    expect((await parking.applyAll()).parked.size).toBe(10);
  });
});
