import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { StartedAttempt } from '../limits/buckets.js';
import { type LoadedUser, lastAddress, passwordHashOf } from '../user/loadUser.js';
import { type CredentialDeps, type PasswordAttempt, withVerifiedPassword } from './verifyPassword.js';

export interface VerifiedPassword {
  /** The stored hash the password was verified against. */
  hash: string;
  /** Keyed hash of the user's address. */
  addressMac: Buffer;
}

/**
 * Verifies the current password of a user who has a session. Failures of log-ins count apart: strangers cause them.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`.
 */
export const verifyUserPassword = (
  deps: CredentialDeps,
  user: LoadedUser,
  current: Pick<PasswordAttempt, 'password' | 'purpose'>,
  origin: RequestOrigin,
): Promise<VerifiedPassword> =>
  withVerifiedUserPassword(deps, user, current, origin, async (verified, attempt) => {
    await attempt.clear();
    return verified;
  });

/** As {@link verifyUserPassword}, then runs `passed` with the attempt, which `passed` must clear; see `attemptThen`. */
export const withVerifiedUserPassword = async <T>(
  deps: CredentialDeps,
  user: LoadedUser,
  { password, purpose }: Pick<PasswordAttempt, 'password' | 'purpose'>,
  origin: RequestOrigin,
  passed: (verified: VerifiedPassword, attempt: StartedAttempt) => Promise<T>,
): Promise<T> => {
  const [hash, address] = [passwordHashOf(user), lastAddress(user)];
  if (hash === undefined || address === undefined) throw new Refused('not-found');
  const mac = addressMac(deps.addressKey, address);
  const attempted = {
    ...{ addressMac: mac, proof: 'session' as const, source: origin.source.bucket, password, purpose },
    storedHash: async () => hash,
  };
  // In an object, because `passed` may return nothing.
  const outcome = await withVerifiedPassword(deps, attempted, async (attempt) => ({
    result: await passed({ hash, addressMac: mac }, attempt),
  }));
  if (outcome === undefined) throw new Refused('password-invalid');
  return outcome.result;
};
