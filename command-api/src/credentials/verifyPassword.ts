import type { FactDeps } from '../account/factDeps.js';
import { accountNameOf, type Counted, type Proof, type StartedAttempt } from '../limits/buckets.js';
import type { CredentialLimits } from '../limits/credentialLimits.js';
import type { HashTurn, Passwords } from './passwords.js';

/** Dependencies of the use cases that hash or verify a password. */
export interface CredentialDeps extends FactDeps {
  passwords: Passwords;
  limits: CredentialLimits;
}

export interface PasswordAttempt {
  /** Keyed hash of the address that the password is tried for. */
  addressMac: Buffer;
  /** What the client has proven already. */
  proof?: Proof;
  /** The request's source, as the limits count it: `origin.source.bucket`. */
  source: string;
  password: string;
  purpose: HashTurn['purpose'];
  /** Reads the stored hash once the attempt is counted. No password matches `undefined`. */
  storedHash(): Promise<string | undefined>;
  /** Runs when the password does not match, before the attempt counts as a failure. What it throws gives the attempt back. */
  afterMismatch?(): Promise<void>;
}

/**
 * Verifies a password. The attempt is counted before the hash is read, and stays counted if the password is wrong.
 *
 * @throws Refused `too-many-attempts`, `busy`; the vault's error when it is down, so that no password is verified uncounted.
 */
export const verifyPassword = (deps: VerifyDeps, attempt: PasswordAttempt): Promise<boolean> =>
  deps.limits.attempt(countedOf(attempt), () => matches(deps, attempt));

/**
 * As {@link verifyPassword}, then runs `passed` with the attempt, which `passed` must clear; see `attemptThen`.
 *
 * @returns `undefined` for a wrong password.
 */
export const withVerifiedPassword = <T>(
  deps: VerifyDeps,
  attempt: PasswordAttempt,
  passed: (attempt: StartedAttempt) => Promise<T>,
): Promise<T | undefined> => deps.limits.attemptThen(countedOf(attempt), () => matches(deps, attempt), passed);

type VerifyDeps = Pick<CredentialDeps, 'limits' | 'passwords'>;

const countedOf = ({ addressMac, proof, source }: PasswordAttempt): Counted => ({
  ...{ account: accountNameOf(addressMac), addressMac, proof, source },
});

const matches = async (
  { passwords }: Pick<CredentialDeps, 'passwords'>,
  { password, storedHash, afterMismatch, purpose, source }: PasswordAttempt,
): Promise<boolean> => {
  if (await passwords.verify(password, await storedHash(), { purpose, source })) return true;
  await afterMismatch?.();
  return false;
};
