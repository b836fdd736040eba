import type { OpenedSession } from '@ums/contracts/http/session';
import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { profileBody } from '../change/userAnswer.js';
import { withVerifiedPassword } from '../credentials/verifyPassword.js';
import type { StartedAttempt } from '../limits/buckets.js';
import { failedLogin } from './countLogin.js';
import { ConfirmedMeanwhile, findLoginTarget, findWaitingHash, type LoginTarget, NO_TARGET } from './loginTarget.js';
import type { SessionDeps } from './sessionDeps.js';
import { startSession } from './startSession.js';
import { tokenPair } from './tokenPair.js';
import { upgradePasswordHash } from './upgradePasswordHash.js';

export interface Credentials {
  /** A canonical address. */
  email: string;
  password: string;
}

export interface LoggedIn {
  body: OpenedSession;
  /**
   * The highest position among the events that the body shows. Not that of the start of the session: no read shows it, and
   * readers of the log store their checkpoint for such events at intervals only.
   */
  position: bigint;
}

/**
 * Starts a session, and counts the outcome. Until the password is verified, the work is the same for every address. Only with the
 * correct password does the answer reveal that the address is not confirmed or the account is suspended (E-01).
 *
 * The password of a waiting registration is tried after that of the account, also when there is one. Otherwise anyone could
 * register an address with a password of their own, log in with it, and see whether the address has an account.
 *
 * @throws Refused `credentials-invalid`, `email-not-confirmed`, `account-suspended`, `too-many-attempts`, `busy`;
 * LogUnavailable.
 */
export const login = async (deps: SessionDeps, credentials: Credentials, origin: RequestOrigin): Promise<LoggedIn> => {
  try {
    const loggedIn = await logInOnce(deps, credentials, origin)
      .catch((error: unknown) => {
        if (!(error instanceof ConfirmedMeanwhile)) throw error;
        return logInOnce(deps, credentials, origin);
      })
      .catch(refuseUnreadable);
    deps.countLogin('succeeded');
    return loggedIn;
  } catch (error) {
    deps.countLogin(failedLogin(error));
    throw error;
  }
};

/** A registration that still waits and is erased has lost its data key: no password matches. */
const refuseUnreadable = (error: unknown): never => {
  throw error instanceof ConfirmedMeanwhile ? new Refused('credentials-invalid') : error;
};

const logInOnce = async (deps: SessionDeps, credentials: Credentials, origin: RequestOrigin): Promise<LoggedIn> => {
  const { email, password } = credentials;
  const mac = addressMac(deps.addressKey, email);
  const turn = { purpose: 'log-in' as const, source: origin.source.bucket };
  let target: LoginTarget = NO_TARGET;
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

/** Starts a session for the target whose password was verified, and builds the answer. */
const startFor = async (
  deps: SessionDeps,
  target: LoginTarget,
  { password, attempt }: { password: string; attempt: StartedAttempt },
  origin: RequestOrigin,
): Promise<LoggedIn> => {
  const { user: loaded, hash } = target;
  if (hash === undefined) throw new Refused('credentials-invalid');
  const { sessionId, user, holder } = await startSession(deps, { user: loaded, hash }, attempt, origin);
  const upgraded = await upgradePasswordHash(deps, user, { password, hash }, origin);
  const tokens = tokenPair(deps, { sessionId, generation: 0 }, holder);
  const shown = upgraded ?? user;
  return { body: { ...tokens, user: await profileBody(deps, shown) }, position: shown.position };
};
