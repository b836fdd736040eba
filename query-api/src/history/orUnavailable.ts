import { Undecodable } from '@ums/contracts/stored/undecodable';
import { MissingKey } from '@ums/kit/facts/openFacts';
import type { Log } from '@ums/kit/log';
import { Refused } from '@ums/kit/refused';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { noteWait } from '@ums/kit/wait';

/** A minute instead of seconds, because only an operator can repair the cause. */
const RETRY_SECONDS = 60;
const UNREADABLE = { dependency: 'event log', limit: 'events cannot be read', waitedMs: 0 };

/**
 * Refuses a read of events that cannot be shown, as that of a profile whose events cannot be folded, and logs why.
 *
 * @throws Refused `profile-unavailable`
 */
export const orUnavailable = async <T>(log: Log, userId: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Undecodable || error instanceof SealBroken || error instanceof MissingKey)) throw error;
    log.error('the history of a user cannot be read', { userId, error });
    throw noteWait(new Refused('profile-unavailable', { retryAfterSeconds: RETRY_SECONDS }), UNREADABLE);
  }
};
