import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Actor } from '@ums/contracts/metadata';
import { readMetadata } from '@ums/contracts/stored/readMetadata';
import { currentType } from '@ums/contracts/stored/stored';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { parseStream } from '@ums/contracts/streams';
import { isDeletion } from '../projection/isDeletion.js';
import type { EventProjection } from '../projection/projection.js';
import { fillGrants } from './fillGrants.js';
import { userOfEvent } from './userOfEvent.js';

/** Qualified with the schema. */
export const AUDIT_TABLE = `read.${AUDIT_EVENT_PROJECTION}`;

/** The first and the last position of each span of time. A trigger of {@link AUDIT_TABLE} fills it. */
export const AUDIT_SPAN_TABLE = 'read.audit_span_v1';

/** The last revision of each stream. The feed is not read through it. */
export const AUDIT_STREAM_TABLE = 'read.audit_stream_v1';

/** What the feed of events says about one of them. Nothing personal: the ids of a person outlive an erasure. */
interface AuditRow {
  userId: string | null;
  /** The current type; the stored name of an event that this version does not know. */
  type: string;
  actor: Actor;
  /** ISO 8601 in UTC. */
  at: string;
  correlationId: string;
  /** The grant whose event it is. */
  grantId: string | null;
}

const grantOf = ({ stream }: RecordedEvent): string | null => {
  const name = parseStream(stream);
  return name?.category === 'grant' ? name.id : null;
};

const rowOf = (event: RecordedEvent, first?: RecordedEvent): AuditRow => {
  const { actor, at, $correlationId: correlationId } = readMetadata(event);
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) throw new Undecodable(event.type, 'metadata.at');
  const type = currentType(event.type) ?? event.type;
  return {
    userId: userOfEvent(event) ?? (first === undefined ? null : userOfEvent(first)),
    type,
    actor,
    at: time.toISOString(),
    correlationId,
    grantId: grantOf(event),
  };
};

/** The rows that `GET /audit/events` answers from: one for each event of this service's streams. */
export const auditEventV1: EventProjection<AuditRow> = {
  name: AUDIT_EVENT_PROJECTION,
  key: ({ stream, type, id }) => (parseStream(stream) === undefined || isDeletion({ type }) ? undefined : id),
  // Of the events of a grant, only the request names the user.
  needsFirst: (event) => grantOf(event) !== null && userOfEvent(event) === null,
  row: rowOf,
  streams: AUDIT_STREAM_TABLE,
  personal: false,
  prepare: fillGrants,
  table: {
    name: AUDIT_TABLE,
    derived: [AUDIT_SPAN_TABLE, AUDIT_STREAM_TABLE],
    key: 'event_id',
    insertOnly: true,
    columns: [
      { name: 'user_id', type: 'uuid', value: (row) => row.userId },
      { name: 'type', type: 'text', value: (row) => row.type },
      { name: 'actor_kind', type: 'text', value: (row) => row.actor.kind },
      { name: 'actor_id', type: 'text', value: (row) => row.actor.id ?? null },
      { name: 'at', type: 'timestamptz', value: (row) => row.at },
      { name: 'correlation_id', type: 'uuid', value: (row) => row.correlationId },
      { name: 'grant_id', type: 'uuid', value: (row) => row.grantId },
    ],
  },
};
