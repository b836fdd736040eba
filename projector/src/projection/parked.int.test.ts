import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@ums/contracts/events/event';
import type { EventToAppend } from '@ums/kit/event-log/eventLog';
import { depsOver } from '../../test/deps.js';
import { profiles } from '../../test/history.js';
import { ERASURE_STARTED, registered, type World, world } from '../../test/world.js';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { type Applied, applyBatch } from './applyBatch.js';
import { RevisionGap } from './foldBatch.js';
import { ProjectionStopped } from './parked.js';
import { checkpointOf } from './projection.js';
import { retryParked } from './retryParked.js';

describe('parking', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  /** One batch of all there is. */
  const applyAll = async (change: object = {}): Promise<Applied> => {
    const from = await checkpointOf(userProfileV1).begin(here.pool, here.logId);
    const batch = await here.eventLog.readAll(from.position < 0n ? undefined : from.position, 10_000);
    return applyBatch({ ...depsOver(here), ...change }, from, batch);
  };
  const reasonOf = async (userId: string): Promise<string | undefined> => {
    const { rows } = await here.pool.query('select reason from read.parked where key = $1', [userId]);
    return rows[0]?.reason;
  };
  const shown = async (userId: string) => (await profiles(here)).find(({ user_id }) => user_id === userId);
  /** As if the faults of the tests before were long ago. */
  const minutesLater = () => here.pool.query(`update read.parked set at = at - interval '2 minutes'`);

  const renamed: DomainEvent = { type: 'UserRenamed', data: { name: 'next' } };
  const broken = (userId: string, change: Partial<EventToAppend>): EventToAppend => ({
    ...here.stored(userId, renamed),
    ...change,
  });
  const poisons: [string, (userId: string, other: string) => EventToAppend, string][] = [
    ['whose data is text', (id) => broken(id, { data: 'not json' as never }), 'undecodable UserRenamed data'],
    ['that lacks a field', (id) => broken(id, { data: {} }), 'undecodable UserRenamed name'],
    ['whose field has another type', (id) => broken(id, { data: { name: 7 } }), 'undecodable UserRenamed name'],
    ['without metadata', (id) => broken(id, { metadata: {} }), 'undecodable UserRenamed metadata.$correlationId'],
    [
      "with another person's ciphertext",
      (id, other) => broken(id, { data: here.stored(other, renamed).data }),
      'seal-broken',
    ],
    [
      'with a name Postgres cannot hold',
      (id) => here.stored(id, { type: 'UserRenamed', data: { name: 'a\u0000b' } }),
      'sql 22021',
    ],
  ];

  it.each(poisons)(
    'F-15 parks the person of an event %s, and goes on with all others',
    async (_name, poison, reason) => {
      await minutesLater();
      const [before, sick, after] = [
        await here.register('before'),
        await here.register('sick'),
        await here.register('after'),
      ];
      await applyAll();
      await here.rename(before, 'before it');
      await here.appendStored(sick, [poison(sick, before)]);
      await here.rename(after, 'after it');
      const { parked } = await applyAll();
      expect([...parked.keys()]).toEqual([sick]);
      expect(await reasonOf(sick)).toBe(reason);
      expect(await shown(sick)).toBeUndefined();
      expect([(await shown(before))?.name, (await shown(after))?.name]).toEqual(['before it', 'after it']);
      await here.rename(sick, 'still parked');
      expect((await applyAll()).parked.size).toBe(0);
      expect(await shown(sick)).toBeUndefined();
    },
  );

  it('F-15 parks several of one batch whom Postgres refuses, each alone', async () => {
    await minutesLater();
    const people = [];
    for (let index = 0; index < 9; index++) people.push(await here.register('well'));
    const sick = [people[2], people[3], people[8]] as string[];
    for (const userId of sick) await here.rename(userId, 'a\u0000b');
    const { parked } = await applyAll();
    expect([...parked.keys()].sort()).toEqual([...sick].sort());
    for (const userId of people) expect((await shown(userId))?.name).toBe(sick.includes(userId) ? undefined : 'well');
  });

  it('F-15 skips and counts an unknown type: the row stands where its stream stands', async () => {
    const userId = await here.register('known');
    await here.appendStored(userId, [broken(userId, { type: 'UserWavedGoodbye', data: {} })]);
    expect(await applyAll()).toMatchObject({ unknown: 1 });
    expect(await shown(userId)).toMatchObject({ name: 'known', revision: '1' });
    await here.rename(userId, 'known still');
    await applyAll();
    expect(await shown(userId)).toMatchObject({ name: 'known still', revision: '2' });
  });

  it('F-15 parks a person whose key is gone without a tombstone, and shows nothing blank', async () => {
    await minutesLater();
    const userId = randomUUID();
    await here.append(userId, registered('keyless', userId));
    await applyAll();
    expect(await reasonOf(userId)).toBe('missing-key');
    expect(await shown(userId)).toBeUndefined();
  });

  it('F-15 parks a person whose reducer fails', async () => {
    await minutesLater();
    const userId = await here.register('reduced');
    const { projection } = depsOver(here);
    const reduce: typeof projection.reduce = (row, fact) => {
      if (fact.stream.endsWith(userId)) throw new RangeError('a fault of ours');
      return projection.reduce(row, fact);
    };
    await applyAll({ projection: { ...projection, reduce } });
    expect(await reasonOf(userId)).toBe('reducer');
    expect(await retryParked(depsOver(here)).then((failing) => failing.has(userId))).toBe(false);
    expect(await shown(userId)).toMatchObject({ name: 'reduced' });
    expect(await reasonOf(userId)).toBeUndefined();
  });

  it('F-15 a retry folds the stream up to the checkpoint, and batches go on behind it', async () => {
    await minutesLater();
    const userId = randomUUID();
    await here.append(userId, registered('early', userId));
    await applyAll();
    await here.rename(userId, 'while parked');
    await applyAll();
    await here.rename(userId, 'beyond the checkpoint');
    await here.giveKey(userId);
    expect((await retryParked(depsOver(here))).has(userId)).toBe(false);
    expect(await shown(userId)).toMatchObject({ name: 'while parked', revision: '1' });
    await applyAll();
    expect(await shown(userId)).toMatchObject({ name: 'beyond the checkpoint', revision: '2' });
  });

  it('F-15 a retry of who still fails keeps him parked', async () => {
    await minutesLater();
    const { rows } = await here.pool.query('select key from read.parked');
    expect(rows.length).toBeGreaterThan(3);
    expect((await retryParked(depsOver(here))).size).toBe(rows.length);
    expect((await here.pool.query('select key from read.parked')).rows).toHaveLength(rows.length);
  });

  it('G-02 a retry of who was erased meanwhile leaves no row', async () => {
    const userId = randomUUID();
    await here.append(userId, registered('keyless', userId));
    await applyAll();
    await here.giveKey(userId);
    await here.destroyKey(userId);
    expect((await retryParked(depsOver(here))).has(userId)).toBe(false);
    expect(await reasonOf(userId)).toBeUndefined();
    expect(await shown(userId)).toBeUndefined();
  });

  it('F-12 parks a person without row or readable key whose registration was never delivered', async () => {
    await minutesLater();
    const userId = await here.register('unseen');
    const registration = (await here.eventLog.head()) ?? 0n;
    await here.append(userId, { type: 'UserSuspended', data: {} });
    await here.vaultPool.query(`update data_key set wrapped = decode(repeat('00', 60), 'hex') where subject = $1`, [
      userId,
    ]);
    const from = await checkpointOf(userProfileV1).begin(here.pool, here.logId);
    const batch = (await here.eventLog.readAll(from.position, 100)).filter(({ position }) => position !== registration);
    await expect(applyBatch(depsOver(here), from, batch)).rejects.toBeInstanceOf(RevisionGap);
    const suspects = new Set(batch.map(({ id }) => id));
    await applyBatch({ ...depsOver(here), suspects }, from, batch);
    expect(await reasonOf(userId)).toBe('seal-broken');
  });

  it('F-15 erasure unparks: nothing is left to be shown or mended', async () => {
    const { rows } = await here.pool.query<{ key: string }>('select key from read.parked');
    for (const { key } of rows) await here.append(key, ERASURE_STARTED);
    await applyAll();
    expect((await here.pool.query('select from read.parked')).rows).toEqual([]);
    for (const { key } of rows) expect(await shown(key)).toBeUndefined();
  });

  it('F-12 parks a person whose very stream has a hole', async () => {
    const userId = await here.register('hole');
    const { position } = await here.rename(userId, 'lost');
    await here.rename(userId, 'next');
    const eventLog = {
      ...here.eventLog,
      readStream: async (stream: string) =>
        (await here.eventLog.readStream(stream)).filter((event) => event.position !== position),
    };
    const from = await checkpointOf(userProfileV1).begin(here.pool, here.logId);
    const batch = (await here.eventLog.readAll(from.position, 100)).filter((event) => event.position !== position);
    await applyBatch({ ...depsOver(here), eventLog, suspects: new Set(batch.map(({ id }) => id)) }, from, batch);
    expect(await reasonOf(userId)).toBe('revision-gap');
    await retryParked(depsOver(here));
    expect(await shown(userId)).toMatchObject({ name: 'next' });
  });

  it('F-15 stops, with nothing changed, when more than ten fail within a minute', async () => {
    const before = await checkpointOf(userProfileV1).begin(here.pool, here.logId);
    const people: string[] = [];
    for (let index = 0; index < 11; index++) {
      const userId = randomUUID();
      people.push(userId);
      await here.append(userId, registered('keyless', userId));
    }
    await expect(applyAll()).rejects.toBeInstanceOf(ProjectionStopped);
    expect((await here.pool.query('select from read.parked')).rows).toEqual([]);
    expect(await checkpointOf(userProfileV1).begin(here.pool, here.logId)).toEqual(before);
    await here.giveKey(people[0] as string);
    expect((await applyAll()).parked.size).toBe(10);
  });
});
