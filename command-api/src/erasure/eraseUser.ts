import type { EraseRequest } from '@ums/contracts/http/user';
import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { type ChangedUser, changeUser } from '../change/changeUser.js';
import type { CommandDeps } from '../commandDeps.js';
import { accountOf } from '../limits/buckets.js';
import { decide } from '../user/decide.js';
import { lastAddress } from '../user/lastAddress.js';
import { type LoadedUser, loadUser } from '../user/loadUser.js';

export interface ErasingUser extends EraseRequest {
  userId: string;
  ifMatch?: bigint | undefined;
  /** Confirms the caller's session after the hashing. @throws Refused */
  confirmCaller(): Promise<LiveCaller>;
}

/**
 * Erases the user who asks for it with their password (T-11): the event first, then key, addresses, sessions and all other
 * rows in the vault. The reconciler does the work outside the vault, and finishes an erasure that was interrupted. The last
 * administrator may erase themselves. So may a suspended user, but over HTTP they have no session.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`; LogUnavailable.
 */
export const eraseUser = async (
  deps: CommandDeps,
  { userId, password, ifMatch, confirmCaller }: ErasingUser,
  origin: RequestOrigin,
): Promise<ChangedUser> => {
  const user = await loadUser(deps, userId);
  // An erasure whose answer was lost is repeated: it has taken effect, and no password hash is left to verify.
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
  { state, facts }: LoadedUser,
  password: string,
  origin: RequestOrigin,
): Promise<string> => {
  const address = lastAddress(facts);
  if (state.status === 'unknown' || state.status === 'erased' || isErased(state.passwordHash) || address === undefined)
    throw new Refused('not-found');
  const { passwordHash } = state;
  const who = { account: accountOf(addressMac(deps.addressKey, address)), source: origin.source.bucket };
  const right = await deps.limits.attempt(who, () => deps.passwords.verify(password, passwordHash));
  if (!right) throw new Refused('password-invalid');
  return passwordHash;
};
