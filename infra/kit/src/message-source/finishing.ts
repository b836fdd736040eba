import type { Message } from '@ums/contracts/messages/message';
import type { Log } from '../log.js';
import { type DeadMessagePlace, putAside } from './deadMessage.js';
import type { Consumer, Outcome } from './messageSource.js';

export interface Begun {
  message: Message;
  finish: () => void;
  /** How often in a row its handler threw. */
  throws: number;
}

/** An outage is an outcome, so what throws this often in a row is a defect that no waiting cures. */
const THROWS_UNTIL_DEAD = 10;

/** The work of a consumer's lanes: handles a message, puts a dead one aside. Never throws; `false` = again later. */
export const finishing =
  (place: DeadMessagePlace, { name, handle }: Consumer, consumerLog: Log) =>
  async (begun: Begun): Promise<boolean> => {
    const { eventId, correlationId, pointer } = begun.message;
    const log = consumerLog.child({ lane: name, eventId, ...pointer, ...(correlationId && { correlationId }) });
    const outcome = await outcomeOf(begun, handle, log);
    if (outcome === 'later') return false;
    if (outcome === 'dead') {
      const reason = begun.throws > 0 ? 'failed' : 'refused';
      try {
        await putAside(place, begun.message, reason);
        log.error('message put aside', { reason });
      } catch (error) {
        log.warn('dead message could not be put aside', { error });
        return false;
      }
    }
    begun.finish();
    return true;
  };

const outcomeOf = async (begun: Begun, handle: Consumer['handle'], log: Log): Promise<Outcome> => {
  try {
    const outcome = await handle(begun.message);
    begun.throws = 0;
    return outcome;
  } catch (error) {
    begun.throws += 1;
    log.error('message handler failed', { error, attempt: begun.throws });
    return begun.throws < THROWS_UNTIL_DEAD ? 'later' : 'dead';
  }
};
