import type { SigninEvent } from '@ums/contracts/events/signin';
import { signinStream } from '@ums/contracts/streams';
import { ANY, StreamDeleted } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { signinEventId } from '../user/derivedIds.js';
import type { SessionDeps } from './sessionDeps.js';

/**
 * Appends the start or end of a session. The event id derives from the session, so that a repeat has no effect although
 * the append does not check the revision. Where an operator has deleted the stream for good, there is no history to record into: the
 * session starts or ends all the same, and a warning says so.
 *
 * @throws LogUnavailable; SubjectErased.
 */
export const recordSignin = async (
  deps: Pick<SessionDeps, 'eventLog' | 'keys' | 'masterKeys' | 'clock' | 'log'>,
  userId: string,
  event: SigninEvent,
  origin: RequestOrigin,
): Promise<void> => {
  try {
    await appendFacts(deps, {
      ...{ stream: signinStream(userId), events: [event], expected: ANY },
      ids: [signinEventId(event)],
      cause: causedBy(origin, { kind: 'user', id: userId }),
    });
  } catch (error) {
    if (!(error instanceof StreamDeleted)) throw error;
    const { correlationId } = origin;
    deps.log.warn('the sign-in history was deleted', { userId, correlationId, type: event.type, error });
  }
};
