import type { AuditEventBody, AuditEventPage } from '@ums/contracts/http/auditEvents';
import type { ActorKind } from '@ums/contracts/metadata';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Snapshot } from '../consistency/snapshot.js';
import type { AuditFilter } from './auditFilter.js';
import { type AuditRequest, auditStatement } from './auditStatement.js';
import { cutPage, type PageRow } from './cutPage.js';

interface Row extends CheckpointColumns, PageRow {
  event_id: string;
  user_id: string | null;
  type: string;
  actor_kind: ActorKind;
  actor_id: string | null;
  at: Date;
  correlation_id: string;
  grant_id: string | null;
}

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
  const found = await read<Row>(auditStatement(request, filter));
  const { rows, next } = cutPage(found, request.limit);
  return { point: pointOf(found[0]), value: { items: rows.map(bodyOf), next } };
};

const bodyOf = (row: Row & { position: string }): AuditEventBody => ({
  position: row.position,
  id: row.event_id,
  userId: row.user_id,
  type: row.type,
  actor: { kind: row.actor_kind, id: row.actor_id },
  at: row.at.toISOString(),
  correlationId: row.correlation_id,
  grantId: row.grant_id,
});
