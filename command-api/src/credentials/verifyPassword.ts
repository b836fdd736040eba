import type { FactDeps } from '../account/factDeps.js';
import { accountNameOf, type StartedAttempt } from '../limits/buckets.js';
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
  /** The request's source, as the limits count it: `origin.source.bucket`. */
  source: string;
  password: string;
  purpose: HashTurn['purpose'];
  /** Reads the stored hash once the attempt is counted. No password matches `undefined`. */
  storedHash(): Promise<string | undefined>;
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

const countedOf = ({ addressMac, source }: PasswordAttempt) => ({ account: accountNameOf(addressMac), source });

const matches = async (
  { passwords }: Pick<CredentialDeps, 'passwords'>,
  { password, storedHash, purpose, source }: PasswordAttempt,
): Promise<boolean> => passwords.verify(password, await storedHash(), { purpose, source });
