import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { ANY, type EventToAppend, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { until } from '../../../infra/kit/test/until.js';
import { parkingIn } from '../../test/parking.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, userRegistered, type World } from '../../test/world.js';
import { applyBatch } from '../projection/applyBatch.js';
import { ProjectionStopped } from '../projection/parked.js';
import { retryParked } from '../projection/retryParked.js';
import { runProjection } from '../projection/runProjection.js';
import { auditEventV1 } from './auditEventV1.js';
import { fillGrants } from './fillGrants.js';

const ADMIN = randomUUID();

let world: World;
let parking: ReturnType<typeof parkingIn>;
beforeAll(async () => {
  world = await createWorld();
  parking = parkingIn(world);
});
afterAll(() => world.close());
beforeEach(() => parking.ageParked());

const applyAll = () => parking.applyAll({ projection: auditEventV1 });
const append = async (stream: string, change: Partial<EventToAppend>): Promise<string> => {
  const stored = { ...world.stored(ADMIN, { type: 'UserSuspended', data: {} }), ...change };
  await world.eventLog.append(stream, [stored], ANY);
  return stored.id;
};
const metadata = (change: object) => ({
  ...{ $correlationId: randomUUID(), $causationId: randomUUID(), at: '2026-01-01T12:00:00.000Z' },
  ...{ actor: { kind: 'admin', id: ADMIN }, ...change },
});
const rowsOf = async (eventId: string) =>
  (await world.pool.query('select * from read.audit_event_v1 where event_id = $1', [eventId])).rows;
const listed = async (): Promise<string[]> =>
  (await world.pool.query('select event_id from read.audit_event_v1 order by position')).rows.map(
    ({ event_id }) => event_id,
  );

describe('the projection of all events', () => {
  it('lists what an event is about, who caused it, when, and with what else', async () => {
    const [userId, correlation] = [randomUUID(), randomUUID()];
    const id = await append(`user-${userId}`, { metadata: metadata({ $correlationId: correlation }) });
    await applyAll();
    const event = world.eventLog.events.at(-1);
    expect(await rowsOf(id)).toEqual([
      {
        position: String(event?.position),
        ...{ event_id: id, user_id: userId, type: 'UserSuspended', actor_kind: 'admin', actor_id: ADMIN },
        ...{ at: new Date('2026-01-01T12:00:00.000Z'), correlation_id: correlation },
        grant_id: null,
      },
    ]);
  });

  it('lists an anonymous actor without id, and nobody where no user is concerned', async () => {
    const id = await append(`mail-${randomUUID()}`, { metadata: metadata({ actor: { kind: 'anonymous' } }) });
    await applyAll();
    expect(await rowsOf(id)).toMatchObject([{ user_id: null, actor_kind: 'anonymous', actor_id: null }]);
  });

  it('knows whom the decision on a grant and its end concern, in one batch with the request or in a later one', async () => {
    const grantId = randomUUID();
    const ask = (userId: string) =>
      append(`grant-${grantId}`, { type: 'AccessRequested', data: { userId, minutes: 5, purpose: 'sealed' } });
    const [userId, other] = [randomUUID(), `grant-${randomUUID()}`];
    const ids = [await ask(userId), await append(`grant-${grantId}`, { type: 'AccessApproved', data: {} })];
    await applyAll();
    ids.push(await append(`grant-${grantId}`, { type: 'AccessEnded', data: { reason: 'revoked' } }));
    const unasked = await append(other, { type: 'AccessRefused', data: {} });
    await applyAll();
    for (const id of ids) expect(await rowsOf(id)).toMatchObject([{ user_id: userId, grant_id: grantId }]);
    expect(await rowsOf(unasked)).toMatchObject([{ user_id: null }]);
  });

  it('fills the grant in rows of an earlier version while it follows, except where the log holds no event any more', async () => {
    const grants = Array.from({ length: 3 }, () => randomUUID());
    const ids: string[] = [];
    for (const grantId of grants) ids.push(await append(`grant-${grantId}`, { type: 'AccessRefused', data: {} }));
    const other = await append(`user-${randomUUID()}`, {});
    await applyAll();
    await world.pool.query('update read.audit_event_v1 set grant_id = null');
    const gone = world.eventLog.events.find(({ id }) => id === ids[1])?.position;
    const readAt: typeof world.eventLog.readAt = async (position) =>
      position === gone ? undefined : world.eventLog.readAt(position);
    const stop = new AbortController();
    const deps = { ...runDepsOf(world), projection: auditEventV1, eventLog: { ...world.eventLog, readAt } };
    const running = runProjection(deps, stop.signal, () => undefined);
    const grantIn = async (id: string) => (await rowsOf(id))[0]?.grant_id;
    await until(async () => (await grantIn(ids[2] ?? '')) === grants[2]);
    stop.abort();
    await running;
    expect([await grantIn(ids[0] ?? ''), await grantIn(ids[1] ?? ''), await grantIn(other)]).toEqual([
      grants[0],
      null,
      null,
    ]);
    expect(await fillGrants(world.pool, new AbortController().signal, world.eventLog)).toBe(1);
    expect(await fillGrants(world.pool, new AbortController().signal, world.eventLog)).toBe(0);
  });

  it('names earlier shapes of an event by its current type, and an unknown event by its stored name', async () => {
    const earlier = await append(`user-${randomUUID()}`, { type: 'UserRegistered' });
    const current = await append(`user-${randomUUID()}`, { type: 'UserRegistered.v2' });
    const unknown = await append(`user-${randomUUID()}`, { type: 'UserFromTheFuture' });
    await applyAll();
    const types = [];
    for (const id of [earlier, current, unknown]) types.push((await rowsOf(id))[0]?.type);
    expect(types).toEqual(['UserRegistered', 'UserRegistered', 'UserFromTheFuture']);
  });

  it('needs no data key, and holds nothing of what is sealed', async () => {
    const userId = randomUUID();
    await world.append(userId, userRegistered('Grace Hopper', userId));
    const { parked } = await applyAll();
    expect(parked.size).toBe(0);
    expect(JSON.stringify((await world.pool.query('select * from read.audit_event_v1')).rows)).not.toMatch(
      /v1\.|Grace/,
    );
  });

  it('skips events of other streams', async () => {
    const id = await append('other-1', {});
    await applyAll();
    expect(await rowsOf(id)).toEqual([]);
    const [event] = world.eventLog.events;
    for (const stream of ['$settings', `$$user-${randomUUID()}`, 'log-identity'])
      expect(event && auditEventV1.key({ ...event, stream })).toBeUndefined();
  });

  it('follows the log to its end, also when the last event is of another stream and none comes after it', async () => {
    await append('other-2', {});
    const stop = new AbortController();
    const running = runProjection({ ...runDepsOf(world), projection: auditEventV1 }, stop.signal, () => undefined);
    await until(() => isCaughtUp(world));
    stop.abort();
    await running;
  });

  it('F-12 lists each event once, also when batches repeat events or bring them late', async () => {
    for (let turn = 0; turn < 20; turn++) await append(`user-${randomUUID()}`, {});
    const deps = { ...runDepsOf(world), projection: auditEventV1 };
    const { checkpoint } = await applyAll();
    const [late, ...others] = world.eventLog.events.slice(-3);
    await world.pool.query('delete from read.audit_event_v1 where event_id = $1', [late?.id]);
    await applyBatch(deps, checkpoint, [...world.eventLog.events, ...others]);
    expect(await listed()).toEqual(expect.arrayContaining([late?.id]));
    expect(new Set(await listed()).size).toBe((await listed()).length);
  });

  it('F-14 writes nothing once another instance has moved the checkpoint', async () => {
    const { checkpoint } = await applyAll();
    const id = await append(`user-${randomUUID()}`, {});
    const deps = { ...runDepsOf(world), projection: auditEventV1 };
    const stale = { ...checkpoint, position: checkpoint.position - 1n };
    await expect(applyBatch(deps, stale, world.eventLog.events.slice(-1))).rejects.toThrow(Superseded);
    expect(await rowsOf(id)).toEqual([]);
    await applyAll();
    expect(await rowsOf(id)).toHaveLength(1);
  });

  it('keeps the first and the last position of each span of time, whatever the clocks say', async () => {
    const times = ['2031-05-05T05:05:05Z', '1969-12-31T23:59:59Z', '2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00Z'];
    for (const at of times) {
      await append(`user-${randomUUID()}`, { metadata: metadata({ at }) });
      await applyAll();
    }
    await append(`user-${randomUUID()}`, { metadata: metadata({ at: times[0] }) });
    await applyAll();
    const expected = new Map<string, [bigint, bigint]>();
    const { rows } = await world.pool.query('select position, at from read.audit_event_v1 order by position');
    for (const minutes of [1, 60, 1440, 46080])
      for (const row of rows) {
        const span = `${minutes} ${Math.floor(row.at.getTime() / 60_000 / minutes)}`;
        const position = BigInt(row.position);
        expected.set(span, [expected.get(span)?.[0] ?? position, position]);
      }
    const spans = await world.pool.query('select * from read.audit_span_v1');
    const found = spans.rows.map(({ minutes, number, first_position, last_position }) => [
      `${minutes} ${number}`,
      [BigInt(first_position), BigInt(last_position)],
    ]);
    expect(new Map(found as [string, [bigint, bigint]][])).toEqual(expected);
  });
});

describe('events that cannot be listed', () => {
  it.each([
    ['without metadata', { metadata: {} }, 'undecodable UserSuspended metadata.$correlationId'],
    ['at no time', { metadata: metadata({ at: 'noon' }) }, 'undecodable UserSuspended metadata.at'],
    ['with a correlation id that is no UUID', { metadata: metadata({ $correlationId: 'x' }) }, 'sql 22P02'],
  ])('F-15 are parked alone: one %s', async (_name, change, reason) => {
    const before = await append(`user-${randomUUID()}`, {});
    const id = await append(`user-${randomUUID()}`, change);
    const after = await append(`user-${randomUUID()}`, {});
    const { parked } = await applyAll();
    expect([...parked.keys()]).toEqual([id]);
    expect(await parking.reasonOf(id)).toBe(reason);
    expect((await listed()).slice(-2)).toEqual([before, after]);
    expect((await retryParked({ ...runDepsOf(world), projection: auditEventV1 })).get(id)?.reason).toBe(reason);
  });

  it('F-15 are listed once the cause is gone, and stay parked while the log does not have them', async () => {
    await world.pool.query('delete from read.parked');
    const id = await append(`user-${randomUUID()}`, {});
    await applyAll();
    const [row] = await rowsOf(id);
    await world.pool.query('delete from read.audit_event_v1 where event_id = $1', [id]);
    const missing = randomUUID();
    for (const [key, position] of [
      [id, row.position],
      [missing, '7'],
    ])
      await world.pool.query(
        `insert into read.parked (projection, key, position, reason) values ('audit_event_v1', $1, $2, 'before')`,
        [key, position],
      );
    const failing = await retryParked({ ...runDepsOf(world), projection: auditEventV1 });
    expect([...failing]).toEqual([[missing, { position: 7n, reason: 'missing-event' }]]);
    expect(await rowsOf(id)).toEqual([row]);
    expect(await parking.parkedKeys()).toEqual([missing]);
    await world.pool.query('delete from read.parked');
  });

  it('F-15 stop the projection when there are more than ten a minute', async () => {
    const stream = `user-${randomUUID()}`;
    const faulty = Array.from({ length: 11 }, () => ({
      ...world.stored(ADMIN, { type: 'UserSuspended', data: {} }),
      metadata: {},
    }));
    await world.eventLog.append(stream, faulty, NO_STREAM);
    const before = await listed();
    await expect(applyAll()).rejects.toThrow(ProjectionStopped);
    expect(await listed()).toEqual(before);
  });
});
