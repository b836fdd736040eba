import type { Message } from '@ums/contracts/messages/message';
import { parseStream } from '@ums/contracts/streams';
import type pg from 'pg';
import type { DeadReason } from '../message-source/messageHandler.js';
import type { DeadLetter, DeadLetterBox } from './deadLetter.js';

/** A table `dead_message`. */
export interface DeadMessageTable {
  pool: pg.Pool;
  /** A constant of the caller, never input. */
  schema: string;
}

/** Stores the pointer only: the content stays in the log, sealed. A message that dies again after a redrive is kept again. */
export const storeDeadMessage = async (
  { pool, schema }: DeadMessageTable,
  consumer: string,
  { eventId, correlationId, pointer }: Message,
  reason: DeadReason,
): Promise<void> => {
  const { stream, revision, type, position } = pointer;
  const values = [consumer, eventId, correlationId ?? null, stream, String(revision), type, String(position), reason];
  await pool.query({
    name: `insert-${schema}.dead_message`,
    text: `insert into ${schema}.dead_message
             (consumer, event_id, correlation_id, stream, revision, type, position, reason)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (consumer, event_id) do update set reason = excluded.reason, at = now(), redrive = null`,
    values,
  });
};

interface Row {
  consumer: string;
  event_id: string;
  correlation_id: string | null;
  stream: string;
  revision: string;
  type: string;
  position: string;
  reason: DeadReason;
  at: Date;
  redrive: string;
}

const COLUMNS = 'consumer, event_id, correlation_id, stream, revision, type, position, reason, at, redrive';

/** The dead messages of a table, for an operator. The consumer polls for those to redrive, see `redriveRequested`. */
export const deadMessageBox = ({ pool, schema }: DeadMessageTable): DeadLetterBox => ({
  list: async () => {
    const { rows } = await pool.query<Row>(
      `select ${COLUMNS} from ${schema}.dead_message where redrive is null order by consumer, position`,
    );
    return rows.map(letterOf);
  },
  redrive: async (letters) => {
    const { rowCount } = await pool.query({
      name: `redrive-${schema}.dead_message`,
      text: `update ${schema}.dead_message set redrive = gen_random_uuid()
             from unnest($1::text[], $2::uuid[]) as chosen (name, id)
             where consumer = chosen.name and event_id = chosen.id and redrive is null`,
      values: [letters.map(({ consumer }) => consumer), letters.map(({ id }) => id)],
    });
    return { redriven: rowCount ?? 0, kept: 0 };
  },
});

export interface RequestedRedrive {
  /** Of this request. */
  id: string;
  message: Message;
}

/** Messages of a consumer that an operator wants delivered again, in log order. */
export const requestedRedrives = async (
  { pool, schema }: DeadMessageTable,
  consumer: string,
): Promise<readonly RequestedRedrive[]> => {
  const { rows } = await pool.query<Row>({
    name: `select-${schema}.dead_message-redrive`,
    text: `select ${COLUMNS} from ${schema}.dead_message where consumer = $1 and redrive is not null order by position`,
    values: [consumer],
  });
  return rows.map((row) => ({ id: row.redrive, message: messageOf(row) }));
};

/** Removes a message that was handled. Leaves one that died again, or whose redrive was requested again. */
export const removeRedriven = async ({ pool, schema }: DeadMessageTable, redriveId: string): Promise<void> => {
  await pool.query({
    name: `delete-${schema}.dead_message`,
    text: `delete from ${schema}.dead_message where redrive = $1`,
    values: [redriveId],
  });
};

const messageOf = ({ event_id, correlation_id, stream, revision, type, position }: Row): Message => ({
  eventId: event_id,
  key: parseStream(stream)?.id ?? stream,
  correlationId: correlation_id ?? undefined,
  pointer: { stream, revision: BigInt(revision), type, position: BigInt(position) },
  content: undefined,
});

const letterOf = (row: Row): DeadLetter => {
  const { consumer, reason, at } = row;
  const message = messageOf(row);
  return { id: message.eventId, consumer, reason, field: undefined, at, message };
};
