import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { checkpointOf, type EventProjection } from './projection.js';
import { type FoldedRow, writeStatement } from './rowTable.js';

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
  const insert = writeStatement(table, rows, 'exists (select from moved)');
  const [fromPosition, position, eventId, reader] = [1, 2, 3, 4].map((place) => `$${insert.values.length + place}`);
  const { rows: moved } = await tx.query({
    name: `insert-${table.name}`,
    text: `with moved as (
        update read.checkpoint set position = ${position}, event_id = ${eventId}
        from (select set_config('synchronous_commit', 'off', true)) as unflushed
        where name = ${reader} and position = ${fromPosition} returning name
      ), inserted as (${insert.text})
      select name from moved`,
    values: [...insert.values, String(from.position), String(to.position), to.eventId ?? null, name],
  });
  if (moved.length === 0)
    throw new Superseded(name, from.position, (await checkpointOf(projection).read(tx))?.position);
};
