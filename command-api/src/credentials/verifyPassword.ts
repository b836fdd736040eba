import type { FactDeps } from '../account/factDeps.js';
import { accountNameOf } from '../limits/buckets.js';
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
export const verifyPassword = (
  { limits, passwords }: Pick<CredentialDeps, 'limits' | 'passwords'>,
  { addressMac, source, password, purpose, storedHash }: PasswordAttempt,
): Promise<boolean> =>
  limits.attempt({ account: accountNameOf(addressMac), source }, async () =>
    passwords.verify(password, await storedHash(), { purpose, source }),
  );
