import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import type pg from 'pg';
import type { Log } from '../log.js';
import type { Consumer, MessageOutcome } from './messageSource.js';

/** One message of a consumer and the state of its handling. */
export interface Task {
  message: Message;
  /** The event, from the log. */
  recorded: RecordedEvent;
  finish: () => void;
  /** How often in a row the handler threw. */
  failures: number;
}

/** The table `dead_message` that keeps a consumer's dead messages. */
export interface DeadMessageTable {
  pool: pg.Pool;
  /** A constant of the caller, never input. */
  schema: string;
  consumer: string;
}

/** `refused`: the handler returned `dead`. `failed`: the handler threw `MAX_FAILURES` times in a row. */
type DeadReason = 'refused' | 'failed';

/** Outages are outcomes, so a handler that throws this often in a row has a defect that waiting does not fix. */
const MAX_FAILURES = 10;

/** The work of a consumer's lanes: handles a message and stores it if dead. Never throws; `false` = retry later. */
export const messageHandler =
  (table: DeadMessageTable, { name, handle }: Consumer, consumerLog: Log) =>
  async (task: Task): Promise<boolean> => {
    const { eventId, correlationId, pointer } = task.message;
    const log = consumerLog.child({ lane: name, eventId, ...pointer, ...(correlationId && { correlationId }) });
    const outcome = await outcomeOf(task, handle, log);
    if (outcome === 'later') return false;
    if (outcome === 'dead') {
      const reason = task.failures > 0 ? 'failed' : 'refused';
      try {
        await storeDeadMessage(table, task.message, reason);
        log.error('dead message stored', { reason });
      } catch (error) {
        log.warn('dead message could not be stored', { reason, error });
        return false;
      }
    }
    task.finish();
    return true;
  };

const outcomeOf = async (task: Task, handle: Consumer['handle'], log: Log): Promise<MessageOutcome> => {
  try {
    const outcome = await handle(task.message, task.recorded);
    task.failures = 0;
    return outcome;
  } catch (error) {
    task.failures += 1;
    log.error('message handler failed', { error, attempt: task.failures });
    return task.failures < MAX_FAILURES ? 'later' : 'dead';
  }
};

/** Stores the pointer only, for an operator: the content stays in the log, sealed. */
const storeDeadMessage = async (
  { pool, schema, consumer }: DeadMessageTable,
  { eventId, pointer }: Message,
  reason: DeadReason,
): Promise<void> => {
  const { stream, revision, type, position } = pointer;
  await pool.query({
    name: `insert-${schema}.dead_message`,
    text: `insert into ${schema}.dead_message (consumer, event_id, stream, revision, type, position, reason)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict (consumer, event_id) do nothing`,
    values: [consumer, eventId, stream, String(revision), type, String(position), reason],
  });
};
