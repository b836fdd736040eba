import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type { FoldedProjection, Revisioned } from './projection.js';
import type { FoldedRow } from './rowTable.js';

export interface ErasedDeps<Row extends Revisioned> {
  projection: FoldedProjection<Row>;
  eventLog: Pick<EventLog, 'readStream'>;
}

/**
 * Whose rows a copy must not write, because the live projection has deleted them for good: the copy has not come to the event that
 * does it, and may never come to it. Keys in the vault do not tell: one may be cached, and is destroyed only after that event.
 *
 * The caller holds the lock on the checkpoint of the copy until it commits, as each batch does. An erasure in the live tables takes
 * the same lock, see `eraseInCopies`. If it had the lock before, it has committed, and is found here. If it comes later, it waits
 * and then deletes the row that the caller has written. One from before the copy was made is found here too.
 *
 * Costs one statement, and one read of the log for each row that the live tables should have and do not: it may be missing by
 * mistake, which a rebuild repairs.
 *
 * @param rows by key. @returns keys of them; none for live tables. @throws LogUnavailable; errors of Postgres
 */
export const erasedInLive = async <Row extends Revisioned>(
  tx: Transaction,
  { projection, eventLog }: ErasedDeps<Row>,
  rows: ReadonlyMap<string, FoldedRow<Row>>,
): Promise<string[]> => {
  const { live, ends, stream } = projection;
  if (live === undefined || rows.size === 0) return [];
  const erased: string[] = [];
  for (const key of await missingInLive(tx, live, rows))
    if ((await eventLog.readStream(stream(key))).some(ends)) erased.push(key);
  return erased;
};

/** A row that is newer than the live checkpoint is left out: the live projection has not come to what follows it in its stream. */
const missingInLive = async <Row extends Revisioned>(
  tx: Transaction,
  { name, table }: NonNullable<FoldedProjection<Row>['live']>,
  rows: ReadonlyMap<string, FoldedRow<Row>>,
): Promise<string[]> => {
  const found = await tx.query<{ key: string }>({
    name: `find-missing-${table.name}`,
    text: `select given.key from unnest($2::uuid[], $3::numeric[]) as given (key, position)
           join read.checkpoint on checkpoint.name = $1 and checkpoint.position >= given.position
           where not exists (select from ${table.name} as stored where stored.${table.key} = given.key)
             and not exists (select from read.parked where parked.projection = $1 and parked.key = given.key)`,
    values: [name, [...rows.keys()], [...rows.values()].map(({ position }) => String(position))],
  });
  return found.rows.map(({ key }) => key);
};
