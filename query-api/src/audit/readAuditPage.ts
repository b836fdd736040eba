import type { AuditEventBody, AuditEventPage } from '@ums/contracts/http/auditEvents';
import type { ActorKind } from '@ums/contracts/metadata';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Snapshot } from '../consistency/snapshot.js';
import type { AuditFilter } from './auditFilter.js';
import { type AuditRequest, auditStatement } from './auditStatement.js';

/** In a left join the columns of the event are null where the page is empty. */
interface Row extends CheckpointColumns {
  stopped_at: string | null;
  position: string | null;
  event_id: string;
  user_id: string | null;
  type: string;
  actor_kind: ActorKind;
  actor_id: string | null;
  at: Date;
  correlation_id: string;
  grant_id: string | null;
}

type EventRow = Row & { position: string };

const isEvent = (row: Row): row is EventRow => row.position !== null;

/**
 * Reads one page of the feed. Keyset pagination: the cost of a page has an upper bound that depends neither on the number of
 * events nor on the filter.
 *
 * @throws DependencyUnavailable
 */
export const readAuditPage = async (
  read: Query,
  request: AuditRequest,
  filter: AuditFilter,
): Promise<Snapshot<AuditEventPage>> => {
  const rows = await read<Row>(auditStatement(request, filter));
  const [first] = rows;
  const found = rows.filter(isEvent);
  const shown = found.slice(0, request.limit);
  const next = found.length > request.limit ? shown.at(-1)?.position : first?.stopped_at;
  return { point: pointOf(first), value: { items: shown.map(bodyOf), next: next ?? null } };
};

const bodyOf = (row: EventRow): AuditEventBody => ({
  position: row.position,
  id: row.event_id,
  userId: row.user_id,
  type: row.type,
  actor: { kind: row.actor_kind, id: row.actor_id },
  at: row.at.toISOString(),
  correlationId: row.correlation_id,
  grantId: row.grant_id,
});
