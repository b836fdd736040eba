import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { CommandDeps } from '../commandDeps.js';
import { accountNameOf } from '../limits/buckets.js';
import { type LoadedUser, lastAddress } from '../user/loadUser.js';

/**
 * Verifies the current password of a user who has a session. Failures count together with those of their logins.
 *
 * @returns the stored hash the password was verified against.
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`.
 */
export const verifyPassword = async (
  deps: CommandDeps,
  user: LoadedUser,
  password: string,
  origin: RequestOrigin,
): Promise<string> => {
  const { state } = user;
  const address = lastAddress(user);
  if (state.status === 'unknown' || state.status === 'erased' || isErased(state.passwordHash) || address === undefined)
    throw new Refused('not-found');
  const { passwordHash } = state;
  const counted = { account: accountNameOf(addressMac(deps.addressKey, address)), source: origin.source.bucket };
  const valid = await deps.limits.attempt(counted, () => deps.passwords.verify(password, passwordHash));
  if (!valid) throw new Refused('password-invalid');
  return passwordHash;
};
