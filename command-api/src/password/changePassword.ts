import type { TokenPair } from '@ums/contracts/http/session';
import type { ChangePasswordRequest } from '@ums/contracts/http/user';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/request/etag';
import { Refused } from '@ums/kit/refused';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { changeUser } from '../change/changeUser.js';
import { acceptedPassword, mustDiffer } from '../credentials/newPassword.js';
import { withVerifiedUserPassword } from '../credentials/verifyUserPassword.js';
import type { StartedAttempt } from '../limits/buckets.js';
import type { ChangeLimit } from '../profile/changeLimit.js';
import type { SessionDeps } from '../session/sessionDeps.js';
import { startSession } from '../session/startSession.js';
import { tokenPair } from '../session/tokenPair.js';
import { decide } from '../user/decide.js';
import { type ExistingUser, loadUser } from '../user/loadUser.js';

export interface ChangePasswordInput extends ChangePasswordRequest {
  /** Whose password is verified. The password of the confirmed caller is changed. */
  userId: string;
  ifMatch?: IfMatch | undefined;
  /** Confirms the caller's session after the hashing. @throws Refused */
  confirmCaller(): Promise<LiveCaller>;
  /** The limit on changes, which only what is appended counts for. */
  limit: ChangeLimit;
}

export interface ChangedPassword {
  user: ExistingUser;
  /** Of a new session of the caller. */
  tokens: TokenPair;
}

/**
 * Replaces the password of a user who knows the current one (T-11). All sessions end, and so do a requested change of the
 * address and every link whose token names an earlier epoch. The caller gets a new session in place of theirs: the epoch of a session
 * never changes, so no session outlives the event.
 *
 * After a crash behind the append, the password is changed and the caller has to log in.
 *
 * @throws Refused `validation-failed`, `password-invalid`, `too-many-attempts`, `busy`, `not-found`, `unauthenticated`,
 * `account-suspended`, `stale-revision`, `conflict`; LogUnavailable.
 */
export const changePassword = async (
  deps: SessionDeps,
  { userId, password, newPassword, ifMatch, confirmCaller, limit }: ChangePasswordInput,
  origin: RequestOrigin,
): Promise<ChangedPassword> => {
  const user = await loadUser(deps, userId);
  const accepted = acceptedPassword(deps.passwords, newPassword, user);
  mustDiffer(password, accepted);
  const verifying = { password, purpose: 'password-change' as const };
  return withVerifiedUserPassword(deps, user, verifying, origin, async ({ hash: verifiedHash }, attempt) => {
    const turn = { purpose: verifying.purpose, source: origin.source.bucket };
    const passwordHash = await deps.passwords.hash(accepted, turn);
    const caller = await confirmCaller();
    const changed = await changeUser(deps, {
      ...{ userId: caller.userId, caller, ifMatch },
      decide: (state) => decide({ type: 'ChangePassword', verifiedHash, passwordHash }, state),
      beforeAppend: (_, revision) => limit.count(revision),
      takeBack: async (outcome) => (outcome === 'nothing' ? limit.giveBack() : undefined),
      cause: causedBy(origin, { kind: 'user', id: caller.userId }),
    });
    return { user: changed, tokens: await tokensOf(deps, { user: changed, hash: passwordHash }, attempt, origin) };
  });
};

/** @throws Refused `unauthenticated` when another request has replaced the new password already. */
const tokensOf = async (
  deps: SessionDeps,
  target: { user: ExistingUser; hash: string },
  attempt: StartedAttempt,
  origin: RequestOrigin,
): Promise<TokenPair> => {
  try {
    const { sessionId, holder } = await startSession(deps, target, attempt, origin);
    return tokenPair(deps, { sessionId, generation: 0 }, holder);
  } catch (error) {
    throw error instanceof Refused && error.slug === 'credentials-invalid' ? new Refused('unauthenticated') : error;
  }
};
