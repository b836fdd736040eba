import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import { LONGEST_GRANT_MINUTES, WAITING_GRANT_MS } from '@ums/contracts/events/grant';
import type { GrantStatus } from '@ums/contracts/http/grant';
import type { Statement } from '@ums/kit/postgres/guardedQuery';
import { AUDIT_TABLE, boundsOfSpans, spanValues } from '../audit/auditStatement.js';

/** The part of the list of grants that a request asks for. */
export interface GrantListRequest {
  status: GrantStatus | undefined;
  /** The page begins behind this position of a request; `undefined` asks for the first page. */
  after: string | undefined;
  limit: number;
  /** At most so many requests are looked at for a page. */
  lookAt: number;
}

const hasEvent = (condition: string): string =>
  `exists (select from ${AUDIT_TABLE} as later where later.grant_id = looked.grant_id and ${condition})`;

/** What the events of a grant alone say of its status. It also ends by what happens to users, which they do not say. */
const CONDITIONS: Readonly<Record<GrantStatus | 'all', string>> = {
  waiting: `not ${hasEvent(`later.type <> 'AccessRequested'`)}`,
  open: `${hasEvent(`later.type = 'AccessApproved' and later.at > $5::timestamptz`)}
    and not ${hasEvent(`later.type in ('AccessRefused', 'AccessEnded')`)}`,
  ended: 'true',
  all: 'true',
};

/** No request that is older than the spans of time waits any more. */
const YOUNG = `(select coalesce(low - 1, 'infinity') from bounds)`;

/** Requests for grants, newest first. The type is a part of bound and order, so that only its index serves them. */
const lookedAt = (status: GrantStatus | 'all'): string => `from ${AUDIT_TABLE} as event
  where (event.type, event.position) > ('AccessRequested', ${status === 'waiting' ? YOUNG : '-1'})
    and (event.type, event.position) < ('AccessRequested', $2::numeric)
  order by event.type desc, event.position desc`;

const textOf = (status: GrantStatus | 'all'): string => `
  with ${status === 'waiting' ? boundsOfSpans(5) : ''} page as materialized (
    select looked.position, looked.grant_id
    from (select event.position, event.type, event.grant_id ${lookedAt(status)} limit $4) as looked
    where looked.grant_id is not null and ${CONDITIONS[status]}
    order by looked.type desc, looked.position desc limit $3
  )
  select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id,
    case when (select count(*) from page) < $3 then (select event.position ${lookedAt(status)} limit 1 offset $4 - 1) end as stopped_at,
    page.*
  from read.checkpoint left join page on true where checkpoint.name = $1 order by page.position desc`;

/** The requests for grants that may have a status. One row more than the page shows whether it is full. */
export const grantStatement = ({ status, after, limit, lookAt }: GrantListRequest, now: Date): Statement => {
  const values = [AUDIT_EVENT_PROJECTION, after ?? 'infinity', limit + 1, lookAt];
  return {
    name: `grants-${status ?? 'all'}`,
    text: textOf(status ?? 'all'),
    values: [...values, ...(status === undefined ? [] : timesOf[status](now.getTime()))],
  };
};

/** Parameters that leave out what has ended by its time: by the time of the approval, and by that of the request. */
const timesOf: Readonly<Record<GrantStatus, (now: number) => unknown[]>> = {
  waiting: (now) => spanValues([now - WAITING_GRANT_MS, Number.POSITIVE_INFINITY]),
  open: (now) => [new Date(now - LONGEST_GRANT_MINUTES * 60_000).toISOString()],
  ended: () => [],
};
