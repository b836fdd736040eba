import type pg from 'pg';
import { vacuumFully } from '../load/vacuumFully.js';

const ROWS_AT_ONCE = 100_000;
const EVENTS_PER_USER = 20;

/** A user who causes a tenth of all events, and a service that causes another tenth. */
export const BUSY_USER = '00000000-0000-4000-8000-000000000000';
export const BUSY_SERVICE = 'notifier';
export const FREQUENT_TYPE = 'SessionStarted';
/** One event in a hundred, and none of the busy user. */
export const RARE_TYPE = 'UserSuspended';

/** The time of the first event; they happen a second apart. */
const FIRST_MS = Date.UTC(2024, 0, 1);
export const happenedAt = (number: number): string => new Date(FIRST_MS + number * 1_000).toISOString();

/** The position of an event: with gaps, like those of a log. */
export const positionOf = (number: number): string => String(number * 10);

const INSERT = {
  name: 'seed-events',
  text: `insert into read.audit_event_v1 (position, event_id, user_id, type, actor_kind, actor_id, at, correlation_id)
    select number::numeric * 10, md5('event' || number)::uuid, user_id,
      case when number % 100 = 99 then '${RARE_TYPE}' when number % 100 < 60 then '${FREQUENT_TYPE}'
        when number % 100 < 80 then 'SessionEnded' else 'UserRenamed' end,
      case when number % 10 = 1 then 'service' else 'user' end,
      case when number % 10 = 1 then '${BUSY_SERVICE}' else user_id::text end,
      '2024-01-01T00:00:00Z'::timestamptz + (number + (number * 7919) % 60 - 30) * interval '1 second',
      md5('request' || number / 2)::uuid
    from generate_series($1::bigint, $2::bigint) as number cross join lateral (
      select case when number % 10 = 0 then '${BUSY_USER}'::uuid
        else md5('user' || number / ${EVENTS_PER_USER} % 1000000)::uuid end as user_id
    ) as actor`,
};

/**
 * Puts events with these numbers into the feed, by SQL. Nearly all users have twenty; their times are half a minute off the
 * order of the log at most. Indexes are built last, which takes a fraction of the time.
 */
export const seedEvents = async (pool: pg.Pool, first: number, count: number): Promise<void> => {
  const indexes = await pool.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = 'read.audit_event_v1'::regclass and not indisprimary`,
  );
  for (const { name } of indexes.rows) await pool.query(`drop index ${name}`);
  for (let start = first; start < first + count; start += ROWS_AT_ONCE)
    await pool.query({ ...INSERT, values: [start, Math.min(start + ROWS_AT_ONCE, first + count) - 1] });
  for (const { definition } of indexes.rows) await pool.query(definition);
  for (const table of ['read.audit_event_v1', 'read.audit_span_v1']) await vacuumFully(pool, table);
};

/** A user and a correlation id of the feed. */
export const sampleOf = async (pool: pg.Pool, number: number): Promise<{ user: string; correlation: string }> => {
  const { rows } = await pool.query({
    name: 'find-seeded-event',
    text: 'select user_id, correlation_id from read.audit_event_v1 where position = $1',
    values: [positionOf(number)],
  });
  return { user: rows[0]?.user_id, correlation: rows[0]?.correlation_id };
};
