import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { type LastRevisions, raisedValues, raisingSql } from './lastRevisions.js';
import { checkpointOf, type EventProjection } from './projection.js';
import { type FoldedRow, writingSql, writtenValues } from './rowTable.js';

/**
 * Inserts rows, stores the last revisions of streams and moves the checkpoint in one statement, so in one transaction (F-10) and
 * one round trip. The commit does not wait for the disk.
 *
 * @throws Superseded when the checkpoint is not at `from`: then nothing is written (F-14); errors of Postgres.
 */
export const insertWithCheckpoint = async (
  tx: Transaction,
  projection: EventProjection,
  { rows, revisions }: { rows: ReadonlyMap<string, FoldedRow<object>>; revisions: LastRevisions },
  [from, to]: readonly [Checkpoint, Checkpoint],
): Promise<void> => {
  const { name, table, streams } = projection;
  const values = [...writtenValues(table, rows), ...raisedValues(revisions)];
  const { rows: moved } = await tx.query({
    name: `insert-${table.name}-${streams}`,
    text: insertingSql(table, streams, values.length),
    values: [...values, String(from.position), String(to.position), to.eventId ?? null, name],
  });
  if (moved.length === 0)
    throw new Superseded(name, from.position, (await checkpointOf(projection).read(tx))?.position);
};

/** @param count of values of the rows and revisions; those of the checkpoint follow: position before and after, event id and name. */
const insertingSql = (table: EventProjection['table'], streams: string, count: number): string => `with moved as (
    update read.checkpoint set position = $${count + 2}, event_id = $${count + 3}
    from (select set_config('synchronous_commit', 'off', true)) as unflushed
    where name = $${count + 4} and position = $${count + 1} returning name
  ), inserted as (${writingSql(table, MOVED)}), raised as (${raisingSql(streams, count - 1, MOVED)})
  select name from moved`;

const MOVED = 'exists (select from moved)';
