import type { EventLog } from '@ums/kit/event-log/eventLog';
import { eventsAfter } from '@ums/kit/event-log/eventsAfter';
import { codeOf } from '@ums/kit/postgres/errors';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { copyOf, existingCopies } from '../projection/copies.js';
import { checkpointOf, type Projection } from '../projection/projection.js';
import { missingIndexes } from './buildIndexes.js';

/** The tables of a projection, or of a copy of it. */
export interface ListedTables {
  /** With the suffix of the copy. */
  name: string;
  /** `rebuilding`: the rebuild has not come to its end. `rebuilt`: it has, and can be switched to. */
  state: 'live' | 'never run' | 'rebuilding' | 'rebuilt' | 'old';
  /** Of the checkpoint; -1 before the first event. */
  position: bigint;
  /** Events after the checkpoint, counted up to 10,000. */
  eventsBehind: number;
  rows: number;
  /** Whether `rows` is an estimate of Postgres: rows are counted up to 10,000. */
  isEstimate: boolean;
  parked: { key: string; reason: string; position: bigint }[];
}

interface ListDeps {
  pool: pg.Pool;
  eventLog: Pick<EventLog, 'readAll'>;
  projection: Projection;
}

const UNDEFINED_TABLE = '42P01';

/**
 * The live tables of a projection and its copies. Takes no lock, so it is repeated when a copy was renamed or dropped meanwhile.
 *
 * @throws LogUnavailable; errors of Postgres
 */
export const listTables = async (deps: ListDeps): Promise<ListedTables[]> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listOnce(deps);
    } catch (error) {
      if (codeOf(error) !== UNDEFINED_TABLE || attempt === ATTEMPTS) throw error;
    }
  }
};

const ATTEMPTS = 5;

const listOnce = async ({ pool, eventLog, projection }: ListDeps): Promise<ListedTables[]> => {
  const listed: ListedTables[] = [];
  const list = async (one: Projection, state: ListedTables['state']): Promise<void> => {
    const position = (await checkpointOf(one).read(pool))?.position;
    listed.push({
      ...{ name: one.name, state: position === undefined ? 'never run' : state, position: position ?? -1n },
      eventsBehind: await eventsAfter(eventLog, position ?? -1n),
      ...(await rowsIn(pool, one.table.name)),
      parked: await parkedIn(pool, one.name),
    });
  };
  await list(projection, 'live');
  const copies = await existingCopies(pool, projection);
  if (copies.includes('next')) {
    const missing = await withTransaction(pool, (tx) => missingIndexes(tx, projection));
    await list(copyOf(projection, 'next'), missing.length > 0 ? 'rebuilding' : 'rebuilt');
  }
  if (copies.includes('old')) await list(copyOf(projection, 'old'), 'old');
  return listed;
};

const MAX_COUNTED = 10_000;

const rowsIn = async (pool: pg.Pool, table: string): Promise<Pick<ListedTables, 'rows' | 'isEstimate'>> => {
  const { rows } = await pool.query<{ counted: number; estimate: number }>(
    `select (select count(*)::int from (select from ${table} limit ${MAX_COUNTED + 1}) as found) as counted,
       reltuples::float8 as estimate from pg_class where oid = '${table}'::regclass`,
  );
  const { counted = 0, estimate = 0 } = rows[0] ?? {};
  const isEstimate = counted > MAX_COUNTED;
  return { rows: isEstimate ? Math.max(counted, estimate) : counted, isEstimate };
};

const parkedIn = async (pool: pg.Pool, name: string): Promise<ListedTables['parked']> => {
  const { rows } = await pool.query<{ key: string; reason: string; position: string }>({
    name: 'describe-parked-keys',
    text: 'select key, reason, position from read.parked where projection = $1 order by at, key',
    values: [name],
  });
  return rows.map(({ position, ...parked }) => ({ ...parked, position: BigInt(position) }));
};
