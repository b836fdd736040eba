import type { EraseRequest } from '@ums/contracts/http/user';
import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { type ChangedUser, changeUser } from '../change/changeUser.js';
import type { CommandDeps } from '../commandDeps.js';
import { accountNameOf } from '../limits/buckets.js';
import { decide } from '../user/decide.js';
import { type LoadedUser, lastAddress, loadUser } from '../user/loadUser.js';

export interface EraseUserInput extends EraseRequest {
  userId: string;
  ifMatch?: bigint | undefined;
  /** Confirms the caller's session after the hashing. @throws Refused */
  confirmCaller(): Promise<LiveCaller>;
}

/**
 * Erases the user after verifying their password (T-11): appends the event, then deletes key, addresses, sessions and all
 * other rows in the vault. The reconciler does the work outside the vault, and finishes an interrupted erasure. The last
 * administrator may erase their account. A suspended user may too, but has no session to do it over HTTP.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`; LogUnavailable.
 */
export const eraseUser = async (
  deps: CommandDeps,
  { userId, password, ifMatch, confirmCaller }: EraseUserInput,
  origin: RequestOrigin,
): Promise<ChangedUser> => {
  const user = await loadUser(deps, userId);
  // A repeat of an erasure whose answer was lost: it took effect, so no password hash is left to verify against.
  const verifiedHash = user.state.status === 'erased' ? '' : await verifiedPassword(deps, user, password, origin);
  await confirmCaller();
  return changeUser(deps, {
    ...{ userId, ifMatch },
    decide: (user) => decide({ type: 'StartErasure', verifiedHash }, user),
    cause: causedBy(origin, { kind: 'user', id: userId }),
  });
};

/** @returns the stored hash the password was verified against. */
const verifiedPassword = async (
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
  const source = origin.source.bucket;
  const counted = { account: accountNameOf(addressMac(deps.addressKey, address)), source };
  const valid = await deps.limits.attempt(counted, () =>
    deps.passwords.verify(password, passwordHash, { purpose: 'erasure', source }),
  );
  if (!valid) throw new Refused('password-invalid');
  return passwordHash;
};
