import type { Message } from '@ums/contracts/messages/message';
import type pg from 'pg';

/** Where a consumer's dead messages are kept: table `dead_message` of a schema. */
export interface DeadMessagePlace {
  pool: pg.Pool;
  /** A name of ours, never input. */
  schema: string;
  consumer: string;
}

/** `refused`: the handler said that it can never work. `failed`: the handler threw again and again. */
export type DeadReason = 'refused' | 'failed';

/** Puts a message aside for an operator. A pointer only: what it is about stays in the log, sealed. */
export const putAside = async (
  { pool, schema, consumer }: DeadMessagePlace,
  { eventId, pointer }: Message,
  reason: DeadReason,
): Promise<void> => {
  await pool.query(
    `insert into ${schema}.dead_message (consumer, event_id, stream, revision, type, position, reason)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (consumer, event_id) do nothing`,
    [consumer, eventId, pointer.stream, pointer.revision.toString(), pointer.type, pointer.position.toString(), reason],
  );
};
