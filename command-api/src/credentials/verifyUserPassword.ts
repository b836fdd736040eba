import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { type LoadedUser, lastAddress, passwordHashOf } from '../user/loadUser.js';
import { type CredentialDeps, type PasswordAttempt, verifyPassword } from './verifyPassword.js';

/**
 * Verifies the current password of a user who has a session. Failures count together with those of their logins.
 *
 * @returns the stored hash the password was verified against, and the keyed hash of the user's address.
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`.
 */
export const verifyUserPassword = async (
  deps: CredentialDeps,
  user: LoadedUser,
  { password, purpose }: Pick<PasswordAttempt, 'password' | 'purpose'>,
  origin: RequestOrigin,
): Promise<{ hash: string; addressMac: Buffer }> => {
  const [hash, address] = [passwordHashOf(user), lastAddress(user)];
  if (hash === undefined || address === undefined) throw new Refused('not-found');
  const mac = addressMac(deps.addressKey, address);
  const valid = await verifyPassword(deps, {
    ...{ addressMac: mac, source: origin.source.bucket, password, purpose },
    storedHash: async () => hash,
  });
  if (!valid) throw new Refused('password-invalid');
  return { hash, addressMac: mac };
};
