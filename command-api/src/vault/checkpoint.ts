import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import type { Transaction } from '@ums/kit/postgres/transaction';

interface Row {
  position: string;
  event_id: string | null;
  log_id: string;
}

export const readCheckpoint = async (tx: Transaction, name: string): Promise<Checkpoint | undefined> => {
  const { rows } = await tx.query<Row>({
    name: 'read-checkpoint',
    text: 'select position, event_id, log_id from checkpoint where name = $1',
    values: [name],
  });
  const [row] = rows;
  return row && { position: BigInt(row.position), eventId: row.event_id ?? undefined, logId: row.log_id };
};

/**
 * Moves a checkpoint forward; one that stands further stays. Not flushed to disk by itself: whatever it vouches for stands
 * before it in the write-ahead log, and lost with a crash it is only earned again.
 */
export const moveCheckpoint = (tx: Transaction, name: string, { position, eventId, logId }: Checkpoint) =>
  tx.query({
    name: 'move-checkpoint',
    text: `insert into checkpoint (name, position, event_id, log_id)
           select $1, $2, $3, $4 from (select set_config('synchronous_commit', 'off', true)) as unflushed
           on conflict (name) do update
             set position = excluded.position, event_id = excluded.event_id, log_id = excluded.log_id
             where checkpoint.position < excluded.position`,
    values: [name, String(position), eventId ?? null, logId],
  });
