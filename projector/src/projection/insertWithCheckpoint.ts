import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { checkpointOf, type EventProjection } from './projection.js';
import { type FoldedRow, writingSql, writtenValues } from './rowTable.js';

/**
 * Inserts rows and moves the checkpoint in one statement, so in one transaction (F-10) and one round trip. The commit does not
 * wait for the disk.
 *
 * @throws Superseded when the checkpoint is not at `from`: then nothing is written (F-14); errors of Postgres.
 */
export const insertWithCheckpoint = async (
  tx: Transaction,
  projection: EventProjection,
  rows: ReadonlyMap<string, FoldedRow<object>>,
  [from, to]: readonly [Checkpoint, Checkpoint],
): Promise<void> => {
  const { name, table } = projection;
  const values = writtenValues(table, rows);
  const { rows: moved } = await tx.query({
    name: `insert-${table.name}`,
    text: insertingSql(table, values.length),
    values: [...values, String(from.position), String(to.position), to.eventId ?? null, name],
  });
  if (moved.length === 0)
    throw new Superseded(name, from.position, (await checkpointOf(projection).read(tx))?.position);
};

/** @param count of values of the rows; those of the checkpoint follow: position before and after, event id and name. */
const insertingSql = (table: EventProjection['table'], count: number): string => `with moved as (
    update read.checkpoint set position = $${count + 2}, event_id = $${count + 3}
    from (select set_config('synchronous_commit', 'off', true)) as unflushed
    where name = $${count + 4} and position = $${count + 1} returning name
  ), inserted as (${writingSql(table, 'exists (select from moved)')})
  select name from moved`;
