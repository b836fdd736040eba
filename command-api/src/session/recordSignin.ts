import type { SigninEvent } from '@ums/contracts/events/signin';
import { signinStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { v5 } from 'uuid';
import type { SessionDeps } from './sessionDeps.js';

const NAMESPACE = '0b8a2c36-6f9a-4a5d-8d43-0d1f7f0f5b7e';

/**
 * Appends the start or end of a session. The event id derives from the session, so that a repeat has no effect although
 * the append does not check the revision.
 */
export const recordSignin = async (
  deps: Pick<SessionDeps, 'eventLog' | 'keys' | 'masterKeys' | 'clock'>,
  userId: string,
  event: SigninEvent,
  origin: RequestOrigin,
): Promise<void> => {
  await appendFacts(deps, {
    ...{ stream: signinStream(userId), events: [event], expected: ANY },
    ids: [v5(`${event.type} ${event.data.sessionId}`, NAMESPACE)],
    cause: causedBy(origin, { kind: 'user', id: userId }),
  });
};
