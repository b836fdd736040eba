import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import type { Log } from '../log.js';
import { deadMessages } from './deadMessages.js';
import type { Consumer, MessageOutcome } from './messageSource.js';

/** One message of a consumer and the state of its handling. */
export interface Task {
  message: Message;
  /** The event, when the source read it from the log. */
  recorded: RecordedEvent | undefined;
  finish: () => void;
  /** How often in a row the handler threw. */
  failures: number;
}

/** `refused`: the handler returned `dead`. `failed`: the handler threw `MAX_FAILURES` times in a row. */
export type DeadReason = 'refused' | 'failed';

/** Outages are outcomes, so a handler that throws this often in a row has a defect that waiting does not fix. */
const MAX_FAILURES = 10;

/**
 * The work of a consumer's lanes: handles a message, and stores and counts it if dead. Never throws; `false` = retry later.
 *
 * @param storeDead keeps a dead message for an operator. While it fails, the message is handled again.
 */
export const messageHandler = <T extends Task>(
  storeDead: (task: T, reason: DeadReason) => Promise<void>,
  { name, handle, signal }: Pick<Consumer, 'name' | 'handle' | 'signal'>,
  consumerLog: Log,
) => {
  const countDead = deadMessages(name);
  return async (task: T): Promise<boolean> => {
    const { eventId, correlationId, pointer } = task.message;
    const log = consumerLog.child({ lane: name, eventId, ...pointer, ...(correlationId && { correlationId }) });
    const outcome = await outcomeOf(task, () => handle(task.message, task.recorded, signal), log);
    if (outcome === 'later') return false;
    if (outcome === 'dead') {
      const reason = task.failures > 0 ? 'failed' : 'refused';
      try {
        await storeDead(task, reason);
        countDead(reason);
        log.error('dead message stored', { reason });
      } catch (error) {
        log.warn('dead message could not be stored', { reason, error });
        return false;
      }
    }
    task.finish();
    return true;
  };
};

const outcomeOf = async (task: Task, handle: () => Promise<MessageOutcome>, log: Log): Promise<MessageOutcome> => {
  try {
    const outcome = await handle();
    task.failures = 0;
    return outcome;
  } catch (error) {
    task.failures += 1;
    log.error('message handler failed', { error, attempt: task.failures });
    return task.failures < MAX_FAILURES ? 'later' : 'dead';
  }
};
