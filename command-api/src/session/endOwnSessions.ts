import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { findLiveSession } from '../account/sessionRow.js';
import { otherSessionsOf } from '../account/sessionTimes.js';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { verifyUserPassword } from '../credentials/verifyUserPassword.js';
import { loadUser } from '../user/loadUser.js';
import { endSessions } from './endSessions.js';
import type { SessionDeps } from './sessionDeps.js';

export interface EndOwnSessionsInput {
  /** Whose password is verified. Sessions of the confirmed caller end. */
  userId: string;
  password: string;
  /** The session to end, which may be the current one. @default all but the current one */
  sessionId?: string;
  /** Confirms the caller's session after the hashing. @throws Refused */
  confirmCaller(): Promise<LiveCaller>;
}

/**
 * Ends sessions of a user who sends their password (ASVS 7.5.2): who holds a stolen token must not be able to keep the owner out.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `unauthenticated`; `not-found` for a session that is another
 * user's, unknown or over. LogUnavailable after the sessions have ended.
 */
export const endOwnSessions = async (
  deps: SessionDeps,
  { userId, password, sessionId, confirmCaller }: EndOwnSessionsInput,
  origin: RequestOrigin,
): Promise<void> => {
  await verifyUserPassword(deps, await loadUser(deps, userId), { password, purpose: 'sessions' }, origin);
  const caller = await confirmCaller();
  const sessionIds =
    sessionId === undefined
      ? await otherSessionsOf(deps.vault, caller, deps.clock.now())
      : [await liveSessionOf(deps, caller.userId, sessionId)];
  await endSessions(deps, { userId: caller.userId, sessionIds, reason: 'logout' }, origin);
};

const liveSessionOf = async ({ vault, clock }: SessionDeps, userId: string, sessionId: string): Promise<string> => {
  const session = await findLiveSession(vault, sessionId, clock.now());
  if (session?.userId !== userId) throw new Refused('not-found');
  return sessionId;
};
