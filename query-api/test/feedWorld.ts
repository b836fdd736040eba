import { randomUUID } from 'node:crypto';
import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import type { AuditEventBody, AuditEventPage } from '@ums/contracts/http/auditEvents';
import { addDataKey } from './addDataKey.js';
import { createWorld } from './world.js';

const ROWS_AT_ONCE = 5_000;

/** A world with the feed of events, and auditors who read it. */
export const createFeedWorld = async () => {
  const world = await createWorld();
  await world.read.query('insert into read.checkpoint (name, position, log_id) values ($1, 0, $2)', [
    AUDIT_EVENT_PROJECTION,
    world.logId,
  ]);

  /** An auditor, whose reads can be recorded. */
  const newAuditor = async () => {
    const id = await addDataKey(world);
    const sid = randomUUID();
    return { id, sid, token: world.token(id, { roles: ['user', 'auditor'], sid }) };
  };
  const auditor = await newAuditor();
  const pathOf = (parameters: Readonly<Record<string, string>>) => `/audit/events?${new URLSearchParams(parameters)}`;

  return {
    ...world,
    auditor,
    newAuditor,
    ask: (parameters: Readonly<Record<string, string>> = {}, headers: Record<string, string> = {}) =>
      world.get(pathOf(parameters), auditor.token, headers),
    page: async (parameters: Readonly<Record<string, string>>): Promise<AuditEventPage> => {
      const response = await world.get(pathOf(parameters), auditor.token);
      if (response.status !== 200) throw new Error(`expected 200, got ${response.status}`);
      return (await response.json()) as AuditEventPage;
    },
    insert: (events: readonly AuditEventBody[]) =>
      world.read.query(
        `insert into read.audit_event_v1 (position, event_id, user_id, type, actor_kind, actor_id, at, correlation_id, grant_id)
         select (event ->> 'position')::numeric, (event ->> 'id')::uuid, (event ->> 'userId')::uuid, event ->> 'type',
           event -> 'actor' ->> 'kind', event -> 'actor' ->> 'id', (event ->> 'at')::timestamptz, (event ->> 'correlationId')::uuid,
           (event ->> 'grantId')::uuid
         from jsonb_array_elements($1::jsonb) as event`,
        [JSON.stringify(events)],
      ),
    /** Inserts so many events from a position on, of one user, a second apart. */
    insertMany: async (first: number, count: number): Promise<void> => {
      for (let start = first; start < first + count; start += ROWS_AT_ONCE)
        await world.read.query(
          `insert into read.audit_event_v1 (position, event_id, user_id, type, actor_kind, actor_id, at, correlation_id)
           select number, gen_random_uuid(), $3::uuid, 'UserRenamed', 'user', $3::uuid::text,
             '2026-01-01T00:00:00Z'::timestamptz + number * interval '1 second', gen_random_uuid()
           from generate_series($1::int, $2::int) as number`,
          [start, Math.min(start + ROWS_AT_ONCE, first + count) - 1, auditor.id],
        );
    },
  };
};

export type FeedWorld = Awaited<ReturnType<typeof createFeedWorld>>;

/** An event of the feed. */
export const feedEvent = (position: number, change: Partial<AuditEventBody> = {}): AuditEventBody => ({
  ...{ position: String(position), id: randomUUID(), userId: null, type: 'UserRenamed' },
  ...{ actor: { kind: 'anonymous', id: null }, at: '2026-01-01T12:00:00.000Z', correlationId: randomUUID() },
  grantId: null,
  ...change,
});
