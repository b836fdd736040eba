import { waitAfterLog } from '@ums/kit/event-log/afterLogTimeout';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import { revokeSessions } from '../account/sessionRemoval.js';
import { findLiveSession } from '../account/sessionRow.js';
import { otherSessionsOf } from '../account/sessionTimes.js';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { verifyUserPassword } from '../credentials/verifyUserPassword.js';
import { loadUser } from '../user/loadUser.js';
import { recordSignin } from './recordSignin.js';
import type { SessionDeps } from './sessionDeps.js';

/** Appends under way at once, and sessions that one transaction ends. */
const AT_ONCE = 20;

export interface EndOwnSessionsInput {
  /** Whose password is verified; the confirmed caller is the same user. */
  userId: string;
  password: string;
  /** The session to end, which may be the current one. @default all but the current one */
  sessionId?: string;
  /** Confirms the caller's session after the hashing. @throws Refused */
  confirmCaller(): Promise<LiveCaller>;
}

/**
 * Ends sessions of a user who sends their password (ASVS 7.5.2): the holder of a stolen token must not shut out the owner. A
 * session ends once its end is in the log. While the log is down no session ends here: the password cannot be verified either. A
 * repeat ends the rest.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `unauthenticated`; `not-found` for a user who was erased
 * meanwhile, and for a session that is another user's, unknown or over. LogUnavailable; DependencyUnavailable of the vault.
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
  for (let from = 0; from < sessionIds.length; from += AT_ONCE)
    await endRecorded(deps, caller.userId, sessionIds.slice(from, from + AT_ONCE), origin);
};

/** An append for each event: one of them may be in the log already, and an append of which it has a part would be refused. */
const endRecorded = async (
  deps: SessionDeps,
  userId: string,
  sessionIds: readonly string[],
  origin: RequestOrigin,
): Promise<void> => {
  const record = (sessionId: string) =>
    recordSignin(deps, userId, { type: 'SessionEnded', data: { sessionId, reason: 'logout' } }, origin);
  const records = await Promise.allSettled(sessionIds.map(record));
  const recorded = sessionIds.filter((_, index) => records[index]?.status === 'fulfilled');
  const failed = records.find((one) => one.status === 'rejected');
  const revoking = recorded.length > 0 ? revokeSessions(deps.vault, userId, recorded) : Promise.resolve();
  // The erasure already deleted the sessions, and without a data key the event cannot be sealed.
  if (failed === undefined || failed.reason instanceof SubjectErased) return revoking;
  // The reconciler revokes them in any case, because their ends are in the log.
  await waitAfterLog(revoking);
  throw failed.reason;
};

const liveSessionOf = async ({ vault, clock }: SessionDeps, userId: string, sessionId: string): Promise<string> => {
  const session = await findLiveSession(vault, sessionId, clock.now());
  if (session?.userId !== userId) throw new Refused('not-found');
  return sessionId;
};
