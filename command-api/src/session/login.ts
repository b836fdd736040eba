import { randomUUID } from 'node:crypto';
import type { LoginResponse } from '@ums/contracts/http/session';
import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import { insertSession, type SessionHolder } from '../account/sessionRow.js';
import { settleUser } from '../change/settleUser.js';
import { profileBody } from '../change/userAnswer.js';
import { withVerifiedPassword } from '../credentials/verifyPassword.js';
import type { StartedAttempt } from '../limits/buckets.js';
import { type ExistingUser, existingUser, type LoadedUser, loadUser, passwordHashOf } from '../user/loadUser.js';
import type { RegisteredUser } from '../user/userState.js';
import { failedLogin } from './countLogin.js';
import { ConfirmedMeanwhile, findLoginTarget, findWaitingHash, type LoginTarget } from './loginTarget.js';
import { recordSignin } from './recordSignin.js';
import type { SessionDeps } from './sessionDeps.js';
import { tokenPair } from './tokenPair.js';
import { upgradePasswordHash } from './upgradePasswordHash.js';

export interface Credentials {
  /** A canonical address. */
  email: string;
  password: string;
}

export interface LoggedIn {
  body: LoginResponse;
  /**
   * The highest position among the events that the body shows. Not that of the start of the session: no read shows it, and
   * readers of the log store their checkpoint for such events at intervals only.
   */
  position: bigint;
}

const MAX_TRIES = 3;

/**
 * Starts a session, and counts the outcome. Until the password is verified, the work is the same for every address. Only with the correct password
 * does the answer reveal that the address is not confirmed or the account is suspended (E-01).
 *
 * The password of a waiting registration is tried after that of the account, also when there is one. Otherwise anyone could
 * register an address with a password of their own, log in with it, and see whether the address has an account.
 *
 * @throws Refused `credentials-invalid`, `email-not-confirmed`, `account-suspended`, `too-many-attempts`, `busy`;
 * LogUnavailable.
 */
export const login = async (deps: SessionDeps, credentials: Credentials, origin: RequestOrigin): Promise<LoggedIn> => {
  try {
    const loggedIn = await logInOnce(deps, credentials, origin).catch((error: unknown) => {
      if (!(error instanceof ConfirmedMeanwhile)) throw error;
      return logInOnce(deps, credentials, origin);
    });
    deps.countLogin('succeeded');
    return loggedIn;
  } catch (error) {
    deps.countLogin(failedLogin(error));
    throw error;
  }
};

const logInOnce = async (deps: SessionDeps, credentials: Credentials, origin: RequestOrigin): Promise<LoggedIn> => {
  const { email, password } = credentials;
  const mac = addressMac(deps.addressKey, email);
  const turn = { purpose: 'log-in' as const, source: origin.source.bucket };
  let target: LoginTarget = { hash: undefined, user: undefined };
  const verifying = {
    ...{ ...turn, addressMac: mac, password },
    storedHash: async () => {
      target = await findLoginTarget(deps, mac);
      return target.hash;
    },
    // Thrown here, so that the password of a registration does not clear the failures counted for the account.
    afterMismatch: async () => {
      const matches = await deps.passwords.verify(password, await findWaitingHash(deps, mac, target), turn);
      if (matches) throw new Refused('email-not-confirmed');
    },
  };
  const loggedIn = await withVerifiedPassword(deps, verifying, (attempt) =>
    startFor(deps, target, { password, attempt }, origin),
  );
  if (loggedIn === undefined) throw new Refused('credentials-invalid');
  return loggedIn;
};

/** Starts a session for the target whose password was verified. */
const startFor = async (
  deps: SessionDeps,
  target: LoginTarget,
  { password, attempt }: { password: string; attempt: StartedAttempt },
  origin: RequestOrigin,
): Promise<LoggedIn> => {
  if (target.hash === undefined) throw new Refused('credentials-invalid');
  const sessionId = randomUUID();
  requireActive(target.user, target.hash);
  await recordStart(deps, target.user.userId, sessionId, origin);
  const { user, holder } = await startSession(deps, { sessionId, attempt }, target.user, target.hash);
  const upgraded = await upgradePasswordHash(deps, user, { password, hash: target.hash }, origin);
  const tokens = tokenPair(deps, { sessionId, generation: 0 }, holder);
  const shown = upgraded ?? user;
  return { body: { ...tokens, user: await profileBody(deps, shown) }, position: shown.position };
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
 * Inserts the session under the epoch of the loaded stream. If the account's row does not allow it, loads the stream again:
 * either the vault lags behind the stream, and is settled; or the stream has new events, and the user is checked again.
 */
const startSession = async (
  deps: SessionDeps,
  { sessionId, attempt }: { sessionId: string; attempt: StartedAttempt },
  loaded: LoadedUser,
  hash: string,
): Promise<{ user: ExistingUser; holder: SessionHolder }> => {
  let latest = loaded;
  for (let round = 1; round <= MAX_TRIES; round += 1) {
    const user = requireActive(latest, hash);
    const { userId } = user;
    const session = { id: sessionId, userId, epoch: user.state.epoch, attempt };
    const holder = await insertSession(deps.vault, session, deps.clock.now());
    if (holder !== undefined) return { user, holder };
    latest = await loadUser(deps, userId);
    await settleUser(deps, latest);
  }
  const limit = `user changed during ${MAX_TRIES} tries`;
  throw noteWait(new Refused('busy', { retryAfterSeconds: 1 }), { dependency: 'vault', limit, waitedMs: 0 });
};

/** Refuses also when the hash has changed: the password was verified against `verifiedHash` only. */
const requireActive = (user: LoadedUser, verifiedHash: string): ExistingUser & { state: RegisteredUser } => {
  const existing = existingUser(user);
  const { state } = user;
  const isVerified = passwordHashOf(user) === verifiedHash;
  if (existing === undefined || !isVerified || state.status === 'unknown' || state.status === 'erased')
    throw new Refused('credentials-invalid');
  if (state.status === 'suspended') throw new Refused('account-suspended');
  return { ...existing, state };
};
