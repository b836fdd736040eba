import type { SigninEvent } from '@ums/contracts/events/signin';
import { signinStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { v5 } from 'uuid';
import { appendFacts } from '../facts/appendFacts.js';
import { type Caller, causedBy } from '../facts/cause.js';
import type { SessionDeps } from './sessionDeps.js';

const NAMESPACE = '0b8a2c36-6f9a-4a5d-8d43-0d1f7f0f5b7e';

/**
 * Records that a session began or ended. Its id derives from the session, so that a repeat meets itself although the
 * stream is appended to at any revision.
 *
 * @returns the position of the fact.
 */
export const recordSignin = async (
  deps: Pick<SessionDeps, 'eventLog' | 'keys' | 'masterKeys' | 'clock'>,
  userId: string,
  event: SigninEvent,
  caller: Caller,
): Promise<bigint> => {
  const written = await appendFacts(deps, {
    ...{ stream: signinStream(userId), events: [event], expected: ANY },
    ids: [v5(`${event.type} ${event.data.sessionId}`, NAMESPACE)],
    cause: causedBy(caller, { kind: 'user', id: userId }),
  });
  return written[0]?.position ?? 0n;
};
