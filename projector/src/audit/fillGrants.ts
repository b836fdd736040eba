import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import { parseStream } from '@ums/contracts/streams';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { checkpointOf } from '../projection/projection.js';

const ROWS_AT_ONCE = 100;

/**
 * Fills the column of the grant in rows that a version without it wrote. The name of the stream is in the event log alone. The
 * row of an event that the log does not hold any more stays as it is.
 *
 * @returns the number of rows.
 * @throws LogUnavailable; errors of Postgres
 */
export const fillGrants = async (
  pool: pg.Pool,
  signal: AbortSignal,
  eventLog: Pick<EventLog, 'readAt'>,
): Promise<number> => {
  let filled = 0;
  for (let after: string | undefined = '-1'; after !== undefined && !signal.aborted; ) {
    const positions = await unfilledAfter(pool, after);
    const grants = new Map<string, string>();
    for (const position of positions) {
      const event = await eventLog.readAt(BigInt(position));
      const name = event === undefined ? undefined : parseStream(event.stream);
      if (name?.category === 'grant') grants.set(position, name.id);
    }
    if (grants.size > 0) filled += await fill(pool, grants);
    after = positions.at(-1);
  }
  return filled;
};

const unfilledAfter = async (pool: pg.Pool, after: string): Promise<string[]> => {
  const { rows } = await pool.query<{ position: string }>({
    name: 'find-rows-without-grant',
    text: `select position from read.audit_event_v1
           where grant_id is null and type in ('AccessRequested', 'AccessApproved', 'AccessRefused', 'AccessEnded')
             and position > $1 order by position limit $2`,
    values: [after, ROWS_AT_ONCE],
  });
  return rows.map(({ position }) => position);
};

const fill = (pool: pg.Pool, grants: ReadonlyMap<string, string>): Promise<number> =>
  withTransaction(pool, async (tx) => {
    await checkpointOf({ name: AUDIT_EVENT_PROJECTION }).lock(tx);
    const { rowCount } = await tx.query({
      name: 'fill-grants',
      text: `update read.audit_event_v1 as stored set grant_id = given.grant_id
             from unnest($1::numeric[], $2::uuid[]) as given (position, grant_id)
             where stored.position = given.position and stored.grant_id is null`,
      values: [[...grants.keys()], [...grants.values()]],
    });
    return rowCount ?? 0;
  });
