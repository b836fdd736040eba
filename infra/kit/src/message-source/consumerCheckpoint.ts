import type pg from 'pg';
import { type Checkpoint, proveCheckpoint } from '../event-log/checkpoint.js';
import type { EventLog } from '../event-log/eventLog.js';
import type { LogPlace } from './progress.js';

/** Where one consumer's checkpoint is kept: table `checkpoint` of a schema. */
export interface CheckpointPlace {
  pool: pg.Pool;
  schema: string;
  consumer: string;
}

interface Row {
  position: string;
  event_id: string | null;
  log_id: string;
}

/**
 * The position after which to go on; `undefined` at the very beginning.
 * @throws StartRefused when the checkpoint belongs to another log than `logId`'s, or one that ends before it.
 */
export const provenPosition = async (
  { pool, schema, consumer }: CheckpointPlace,
  eventLog: EventLog,
): Promise<bigint | undefined> => {
  const { rows } = await pool.query<Row>(
    `select position, event_id, log_id from ${schema}.checkpoint where name = $1`,
    [consumer],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const checkpoint: Checkpoint = {
    position: BigInt(row.position),
    eventId: row.event_id ?? undefined,
    logId: row.log_id,
  };
  await proveCheckpoint(eventLog, checkpoint);
  return checkpoint.position;
};

/**
 * Moves a checkpoint forward, never back: everything up to it is finished, whoever says so, so that an instance that
 * lost its lock a moment ago can do no harm.
 */
export const saveCheckpoint = async (
  { pool, schema, consumer }: CheckpointPlace,
  { position, eventId }: LogPlace,
  logId: string,
): Promise<void> => {
  await pool.query(
    `insert into ${schema}.checkpoint as c (name, position, event_id, log_id) values ($1, $2, $3, $4)
     on conflict (name) do update set position = excluded.position, event_id = excluded.event_id
     where c.position < excluded.position and c.log_id = excluded.log_id`,
    [consumer, position.toString(), eventId, logId],
  );
};
