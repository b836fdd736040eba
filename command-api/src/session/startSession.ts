import { randomUUID } from 'node:crypto';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import { revokeSessions } from '../account/sessionRemoval.js';
import { insertSession, type NewSession, type SessionHolder } from '../account/sessionRow.js';
import { settleUser } from '../change/settleUser.js';
import { type ExistingUser, existingUser, type LoadedUser, loadUser } from '../user/loadUser.js';
import { isHashOfPassword } from '../user/requirements.js';
import type { RegisteredUser } from '../user/userState.js';
import type { VerifiedTarget } from './loginTarget.js';
import { recordSignin } from './recordSignin.js';
import type { SessionDeps } from './sessionDeps.js';

export interface StartedSession {
  sessionId: string;
  user: ExistingUser;
  holder: SessionHolder;
}

const MAX_TRIES = 3;

/**
 * Starts a session: appends `SessionStarted`, then inserts the session. The target was read before its password was hashed, and
 * another look at the account would cost every log-in a statement. So a revocation during the hashing is noticed by
 * the insert, after the append; a refusal then appends `SessionEnded`, and no entry claims a session that never was.
 *
 * A crash, or an outage of the vault or the log before the insert, leaves the start without an end. The outcome of the insert
 * may be unknown then, and nobody has tokens of the session.
 *
 * @throws Refused `credentials-invalid`, `account-suspended`, `busy`; LogUnavailable.
 */
export const startSession = async (
  deps: SessionDeps,
  target: VerifiedTarget,
  attempt: NewSession['attempt'],
  origin: RequestOrigin,
): Promise<StartedSession> => {
  requireActive(target.user, target);
  const { userId } = target.user;
  const sessionId = randomUUID();
  await recordStart(deps, userId, sessionId, origin);
  try {
    return await insertForLatest(deps, { sessionId, attempt }, target);
  } catch (error) {
    if (error instanceof Refused) await recordRefusal(deps, userId, sessionId, origin);
    throw error;
  }
};

/** A user who was erased after the stream was read gets the answer of an unknown address. */
const recordStart = async (
  deps: SessionDeps,
  userId: string,
  sessionId: string,
  origin: RequestOrigin,
): Promise<void> => {
  try {
    await recordSignin(deps, userId, { type: 'SessionStarted', data: { sessionId } }, origin);
  } catch (error) {
    throw error instanceof SubjectErased ? new Refused('credentials-invalid') : error;
  }
};

/**
 * Best effort: the log-in is refused in any case. If the append fails, the history keeps a start without an end, as that of a
 * session that expired. The end of an erased user cannot be sealed, and nobody reads their history.
 */
const recordRefusal = async (
  deps: SessionDeps,
  userId: string,
  sessionId: string,
  origin: RequestOrigin,
): Promise<void> => {
  try {
    await recordSignin(deps, userId, { type: 'SessionEnded', data: { sessionId, reason: 'refused' } }, origin);
  } catch (error) {
    if (error instanceof SubjectErased) return;
    deps.log.warn('end of a refused session not recorded', { userId, error });
  }
};

/**
 * Inserts the session under the epoch of the loaded stream. If the account's row does not allow it, loads the stream again:
 * either the vault lags behind the stream, and is settled; or the stream has new events, and the user is checked again.
 */
const insertForLatest = async (
  deps: SessionDeps,
  { sessionId, attempt }: { sessionId: string; attempt: NewSession['attempt'] },
  target: VerifiedTarget,
): Promise<StartedSession> => {
  let latest = target.user;
  for (let round = 1; round <= MAX_TRIES; round += 1) {
    const user = requireActive(latest, target);
    const { userId } = user;
    const session = { id: sessionId, userId, epoch: user.state.epoch, attempt };
    const inserted = await insertSession(deps.vault, session, deps.clock.now());
    if (inserted !== undefined) {
      const { excess, ...holder } = inserted;
      if (excess.length > 0) await revokeSessions(deps.vault, userId, excess);
      return { sessionId, user, holder };
    }
    latest = await loadUser(deps, userId);
    await settleUser(deps, latest);
  }
  const limit = `user changed during ${MAX_TRIES} tries`;
  throw noteWait(new Refused('busy', { retryAfterSeconds: 1 }), { dependency: 'vault', limit, waitedMs: 0 });
};

/**
 * Refuses also when the password has changed, because it was verified for the target only, and when all sessions
 * were ended since the target was read: the log-in came before that, maybe with an address that is no longer the user's.
 */
const requireActive = (user: LoadedUser, target: VerifiedTarget): ExistingUser & { state: RegisteredUser } => {
  const existing = existingUser(user);
  const { state } = user;
  if (existing === undefined || state.status === 'unknown' || state.status === 'erased')
    throw new Refused('credentials-invalid');
  if (!isHashOfPassword(target.hash, state)) throw new Refused('credentials-invalid');
  if (state.status === 'suspended') throw new Refused('account-suspended');
  if (state.sessionsFrom !== sessionsFromOf(target.user)) throw new Refused('credentials-invalid');
  return { ...existing, state };
};

const sessionsFromOf = ({ state }: LoadedUser): bigint | undefined =>
  state.status === 'unknown' ? undefined : state.sessionsFrom;
