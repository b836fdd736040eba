import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import { wholeName } from '@ums/kit/event-log/wholeName';
import type { Statement } from '@ums/kit/postgres/guardedQuery';
import { type AuditFilter, FILTER_COLUMNS, type FilterColumn } from './auditFilter.js';
import { timeSpans } from './timeSpans.js';

/** Qualified with the schema. The projector's migrations make both; see there. */
export const AUDIT_TABLE = `read.${AUDIT_EVENT_PROJECTION}`;
export const AUDIT_SPAN_TABLE = 'read.audit_span_v1';

/** The part of the feed that a request asks for. */
export interface AuditRequest {
  order: 'asc' | 'desc';
  /** The page begins behind this position, in its order; `undefined` asks for the first page. */
  after: string | undefined;
  /** Ends where the feed is whole, so that no event can still come before the last one of the page. */
  onlyWhole: boolean;
  limit: number;
  /** At most so many events are looked at for a page. */
  lookAt: number;
}

/** By name: with `page.*`, Postgres refuses the prepared statement once a newer version has added a column. */
const PAGE_COLUMNS =
  'page.position, page.event_id, page.user_id, page.type, page.actor_kind, page.actor_id, page.at, page.correlation_id, page.grant_id';

const PARAMETERS: Readonly<Record<FilterColumn, string>> = {
  correlation_id: '$6::uuid',
  user_id: '$7::uuid',
  actor_id: '$8::text',
  type: '$9::text',
};

/**
 * The lowest and the highest position of events in the spans of time.
 *
 * @param first number of the first of the three parameters that {@link spanValues} makes
 */
export const boundsOfSpans = (first: number): string => `bounds as materialized (
    select min(found.lowest) as low, max(found.highest) as high
    from unnest($${first}::integer[], $${first + 1}::bigint[], $${first + 2}::bigint[]) as part (minutes, first, behind)
    cross join lateral (
      select min(first_position) as lowest, max(last_position) as highest from ${AUDIT_SPAN_TABLE} as span
      where span.minutes = part.minutes and span.number >= part.first and span.number < part.behind
    ) as found
  ),`;
const BOUNDS = boundsOfSpans(12);
const BEHIND_WHOLE = `(select position + 1 from read.checkpoint where name = '${wholeName(AUDIT_EVENT_PROJECTION)}')`;
/** Positions that no event of the page has: below and above all that it may have. Without a second one, the feed is read as far as it is whole. */
const ENDS = { low: '$3::numeric', high: `coalesce($4::numeric, ${BEHIND_WHOLE}, 'infinity')` };
const ENDS_AT_TIMES = {
  low: `greatest(${ENDS.low}, coalesce((select low - 1 from bounds), 'infinity'))`,
  high: `least(${ENDS.high}, coalesce((select high + 1 from bounds), '-infinity'))`,
};

/**
 * The events that are looked at, in order. The value of the filter is a part of both bounds and of the order, so that only the
 * index of the filter serves them: the planner could else follow the positions of all events and pass over the others.
 */
const lookedAt = (
  driver: FilterColumn | undefined,
  order: AuditRequest['order'],
  { low, high }: typeof ENDS,
): string =>
  driver === undefined
    ? `from ${AUDIT_TABLE} as event where event.position > ${low} and event.position < ${high}
      order by event.position ${order}`
    : `from ${AUDIT_TABLE} as event where event.${driver} is not null
        and (event.${driver}, event.position) > (${PARAMETERS[driver]}, ${low})
        and (event.${driver}, event.position) < (${PARAMETERS[driver]}, ${high})
      order by event.${driver} ${order}, event.position ${order}`;

/**
 * Follows the index of one filter and compares the others on the way. Where the page is not full, `stopped_at` is the last
 * event that was looked at, unless that was the last of all.
 */
const textOf = (driver: FilterColumn | undefined, order: AuditRequest['order'], hasTimes: boolean): string => {
  const looked = lookedAt(driver, order, hasTimes ? ENDS_AT_TIMES : ENDS);
  const others = FILTER_COLUMNS.map(
    (column) => `(${PARAMETERS[column]} is null or looked.${column} = ${PARAMETERS[column]})`,
  );
  if (hasTimes) others.push('looked.at >= $10::timestamptz', 'looked.at <= $11::timestamptz');
  const ordered = driver === undefined ? '' : `looked.${driver} ${order}, `;
  return `
  with ${hasTimes ? BOUNDS : ''} page as materialized (
    select looked.* from (select event.* ${looked} limit $5) as looked
    where ${others.join(' and ')} order by ${ordered}looked.position ${order} limit $2
  )
  select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id,
    case when (select count(*) from page) < $2 then (select event.position ${looked} limit 1 offset $5 - 1) end as stopped_at,
    ${PAGE_COLUMNS}
  from read.checkpoint left join page on true where checkpoint.name = $1 order by page.position ${order}`;
};

/** One row more than the page shows whether it is full. */
export const auditStatement = (
  { order, after, onlyWhole, limit, lookAt }: AuditRequest,
  { values, times }: AuditFilter,
): Statement => {
  const driver = FILTER_COLUMNS.find((column) => values[column] !== undefined);
  const end = onlyWhole ? null : 'infinity';
  const range = order === 'asc' ? [after ?? '-1', end] : ['-1', after ?? end];
  const page = [AUDIT_EVENT_PROJECTION, limit + 1, ...range, lookAt];
  return {
    name: `audit-events-${driver ?? 'all'}-${order}${times === undefined ? '' : '-at-times'}`,
    text: textOf(driver, order, times !== undefined),
    values: [
      ...page,
      ...FILTER_COLUMNS.map((column) => values[column] ?? null),
      ...(times === undefined ? [] : timeValues(times)),
    ],
  };
};

const timeValues = (times: readonly [number, number]): unknown[] => [
  ...times.map((time) => (Number.isFinite(time) ? new Date(time).toISOString() : `${time < 0 ? '-' : ''}infinity`)),
  ...spanValues(times),
];

/** The parameters of {@link boundsOfSpans} for a range of times, in ms since 1970. */
export const spanValues = (times: readonly [number, number]): unknown[] => {
  const spans = timeSpans(times);
  return [spans.map(({ minutes }) => minutes), spans.map(({ from }) => from), spans.map(({ to }) => to)];
};
