import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import { formatConsistencyToken } from '@ums/contracts/consistencyToken';
import { SERVICE_ACTORS } from '@ums/contracts/metadata';
import { accessStream } from '@ums/contracts/streams';
import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { wholeName } from '@ums/kit/event-log/wholeName';
import { patientEventLog } from '../../../infra/kit/test/patientEventLog.js';
import { stopMonotonicClock } from '../../../infra/kit/test/stopMonotonicClock.js';
import { until } from '../../../infra/kit/test/until.js';
import { createFeedWorld, type FeedWorld, feedEvent } from '../../test/feedWorld.js';

const USER = randomUUID();
const events = [1, 2, 3, 4, 5].map((position) => feedEvent(position, { userId: position % 2 === 0 ? USER : null }));
const ids = events.map(({ id }) => id);

let world: FeedWorld;
let eventLog: ConnectedEventLog;
beforeAll(async () => {
  world = await createFeedWorld();
  await world.insert(events);
  eventLog = patientEventLog(world.eventLogUrl);
});
afterEach(() => void jest.restoreAllMocks());
afterAll(async () => {
  await eventLog.close();
  await world.close();
});

const slugOf = async (response: Response): Promise<string> =>
  String(((await response.json()) as { type: string }).type.split('/').at(-1));

describe('GET /audit/events', () => {
  it('lists events newest first, or oldest first, from page to page', async () => {
    const first = await world.page({ limit: '2' });
    expect(first).toEqual({ items: [events[4], events[3]], next: '4' });
    expect(await world.page({ limit: '3', after: '4' })).toEqual({ items: events.slice(0, 3).reverse(), next: null });
    const oldest = await world.page({ limit: '2', order: 'asc', after: '1' });
    expect(oldest).toEqual({ items: [events[1], events[2]], next: '3' });
    expect((await world.page({ user: USER, order: 'asc' })).items).toEqual([events[1], events[3]]);
  });

  it('F-12 ends where the feed is whole, oldest first, unless a consistency token asks for more', async () => {
    await world.read.query('insert into read.checkpoint (name, position, log_id) values ($1, 3, $2)', [
      wholeName(AUDIT_EVENT_PROJECTION),
      world.logId,
    ]);
    try {
      for (const range of [{}, { from: '2026-01-01T00:00:00Z' }]) {
        const shown = async (parameters: Record<string, string>) =>
          (await world.page({ ...range, ...parameters })).items.map(({ position }) => position);
        expect(await shown({ order: 'asc' })).toEqual(['1', '2', '3']);
        expect(await shown({ order: 'asc', after: '3' })).toEqual([]);
        expect(await shown({ order: 'asc', user: USER })).toEqual(['2']);
        expect(await shown({ order: 'desc' })).toEqual(['5', '4', '3', '2', '1']);
      }
      const token = formatConsistencyToken({ logId: world.logId, position: 0n });
      for (const accept of ['application/json', 'application/x-ndjson']) {
        const upTo = async (headers: Record<string, string>) =>
          (await (await world.ask({ order: 'asc' }, { accept, ...headers })).text()).includes(ids[4] as string);
        expect(await upTo({})).toBe(false);
        expect(await upTo({ 'X-Consistency-Token': '' })).toBe(false);
        expect(await upTo({ 'X-Consistency-Token': token })).toBe(true);
      }
    } finally {
      await world.read.query('delete from read.checkpoint where name = $1', [wholeName(AUDIT_EVENT_PROJECTION)]);
    }
  });

  it('streams to a client that names a parameter of the media type', async () => {
    const response = await world.ask({}, { accept: 'text/csv; charset=utf-8; header=present, application/json;q=0.1' });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
  });

  it('I-03 takes the name of each service that writes events', async () => {
    for (const actor of SERVICE_ACTORS) expect(await world.page({ actor })).toEqual({ items: [], next: null });
  });

  it.each([
    [{ user: 'ada' }, 'user'],
    [{ actor: '' }, 'actor'],
    [{ type: '' }, 'type'],
    [{ type: 'UserRenamedd' }, 'type'],
    [{ type: 'UserRegistered.v2' }, 'type'],
    [{ correlation: '1' }, 'correlation'],
    [{ from: '2026-02-31T00:00:00Z' }, 'from'],
    [{ to: 'tomorrow' }, 'to'],
    [{ to: '2026-01-01T00:00:00' }, 'to'],
    [{ from: '2026-01-02T00:00:00+01:00', to: '2026-01-02T00:00:00+02:00' }, 'to'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'to'],
    [{ actor: 'Keeper' }, 'actor'],
    [{ actor: 'root@example.org' }, 'actor'],
    [{ after: '01' }, 'after'],
    [{ after: '-1' }, 'after'],
    [{ order: 'up' }, 'order'],
    [{ limit: '101' }, 'limit'],
    [{ before: '3' }, 'before'],
  ])('I-02 I-03 refuses %j and names the field', async (parameters, field) => {
    const response = await world.ask(parameters as Record<string, string>);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { field: string }[] };
    expect(errors.map((error) => error.field)).toEqual([field]);
  });

  it('Z-01 is open to auditors and administrators only', async () => {
    const asked = (...roles: ('user' | 'admin' | 'service')[]) =>
      world.get('/audit/events', world.token(world.auditor.id, { roles }));
    expect((await asked('user', 'admin')).status).toBe(200);
    expect((await asked('user')).status).toBe(403);
    expect((await asked('service')).status).toBe(403);
    expect((await world.get('/audit/events')).status).toBe(401);
  });

  it('F-31 waits for the feed to show the point of a consistency token', async () => {
    const token = world.consistencyToken(5_000n);
    // Time stands still, so that the request has not waited for two seconds.
    stopMonotonicClock();
    const waiting = world.ask({}, { 'x-consistency-token': token });
    await world.read.query(`update read.checkpoint set position = 5000 where name = 'audit_event_v1'`);
    expect((await waiting).status).toBe(200);
    jest.restoreAllMocks();
    const never = await world.ask({}, { 'x-consistency-token': world.consistencyToken(9_999n) });
    expect([never.status, await slugOf(never)]).toEqual([503, 'not-yet-visible']);
  });
});

describe('the record of a read of the feed', () => {
  const recorded = async (userId: string) =>
    (await eventLog.readStream(accessStream(userId))).map(({ type, data, metadata }) => ({
      ...{ type, data, actor: (metadata as { actor: object }).actor },
    }));
  const record = (userId: string | null, actor: string) => ({
    ...{ type: 'HistoryRead', data: { userId, asked: 'feed', grantId: null, reads: 1 } },
    actor: { kind: 'auditor', id: actor },
  });

  it.each(['application/json', 'application/x-ndjson', 'text/csv'])(
    'Z-07 is in the log before the answer, under the user whom it was about: %s',
    async (accept) => {
      const [reader, user] = [await world.newAuditor(), randomUUID()];
      await (await world.get(`/audit/events?user=${user}`, reader.token, { accept })).text();
      expect(await recorded(user)).toEqual([record(user, reader.id)]);
      await (await world.get('/audit/events', reader.token, { accept })).text();
      expect(await recorded(reader.id)).toEqual([record(null, reader.id)]);
    },
  );

  it('Z-07 is in the log of each person whom the filter names, also of one whose actions are asked for', async () => {
    const [reader, user, actor] = [await world.newAuditor(), randomUUID(), randomUUID()];
    expect((await world.get(`/audit/events?actor=${actor}`, reader.token)).status).toBe(200);
    expect(await recorded(actor)).toEqual([record(actor, reader.id)]);
    await world.get(`/audit/events?user=${user}&actor=${actor}`, reader.token);
    expect(await recorded(user)).toEqual([record(user, reader.id)]);
    expect(await recorded(reader.id)).toEqual([]);
    await world.get('/audit/events?actor=keeper', reader.token);
    expect(await recorded(reader.id)).toEqual([record(null, reader.id)]);
  });

  it.each(['application/json', 'application/x-ndjson', 'text/csv'])(
    'Z-07 is missing, so nothing is answered: %s',
    async (accept) => {
      const reader = await world.newAuditor();
      await world.logProxy.set('refuse');
      const response = await world.get('/audit/events', reader.token, { accept });
      const body = await response.text();
      await world.logProxy.set('pass');
      expect(response.status).toBe(503);
      expect(body).toContain('dependency-unavailable');
      for (const id of ids) expect(body).not.toContain(id);
      await until(async () => (await world.get('/audit/events', reader.token)).status === 200);
    },
  );
});
