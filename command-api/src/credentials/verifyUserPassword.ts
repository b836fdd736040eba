import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { type LoadedUser, lastAddress, passwordHashOf } from '../user/loadUser.js';
import { type CredentialDeps, type PasswordAttempt, verifyPassword } from './verifyPassword.js';

/**
 * Verifies the current password of a user who has a session. Failures count together with those of their logins.
 *
 * @returns the stored hash the password was verified against.
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`.
 */
export const verifyUserPassword = async (
  deps: CredentialDeps,
  user: LoadedUser,
  { password, purpose }: Pick<PasswordAttempt, 'password' | 'purpose'>,
  origin: RequestOrigin,
): Promise<string> => {
  const [passwordHash, address] = [passwordHashOf(user), lastAddress(user)];
  if (passwordHash === undefined || address === undefined) throw new Refused('not-found');
  const valid = await verifyPassword(deps, {
    ...{ addressMac: addressMac(deps.addressKey, address), source: origin.source.bucket, password, purpose },
    storedHash: async () => passwordHash,
  });
  if (!valid) throw new Refused('password-invalid');
  return passwordHash;
};
