import type { EraseRequest } from '@ums/contracts/http/user';
import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/kit/address/addressMac';
import { Refused } from '@ums/kit/refused';
import type { CommandDeps } from '../commandDeps.js';
import { type Caller, causedBy } from '../facts/cause.js';
import { type ChangedUser, handle } from '../facts/handle.js';
import { type LoadedUser, loadUser } from '../facts/loadFacts.js';
import { accountOf } from '../limits/buckets.js';
import { decide } from '../user/decide.js';
import { lastAddress } from '../user/lastAddress.js';

export interface ErasingUser extends EraseRequest {
  userId: string;
  ifMatch?: bigint | undefined;
  /** Looks at the session once more, after the hashing. @throws Refused */
  stillLive(): Promise<void>;
}

/**
 * Erases whoever asks for it with his password (T-11): the event, then key, addresses, sessions and all else in the
 * vault. What is outside of it follows through the keeper, which also finishes what dies half way. The last administrator
 * may go as well, and so may a suspended user, though over HTTP he has no session to ask with.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`; LogUnavailable.
 */
export const eraseUser = async (
  deps: CommandDeps,
  { userId, password, ifMatch, stillLive }: ErasingUser,
  caller: Caller,
): Promise<ChangedUser> => {
  const user = await loadUser(deps, userId);
  // Begun before, and the answer was lost: then it is carried out, and there is no password any more to ask for.
  const verifiedHash = user.state.status === 'erased' ? '' : await verifiedPassword(deps, user, password, caller);
  await stillLive();
  return handle(deps, {
    ...{ userId, ifMatch },
    decide: (user) => decide({ type: 'StartErasure', verifiedHash }, user),
    cause: causedBy(caller, { kind: 'user', id: userId }),
  });
};

/** @returns the stored hash the password was verified against. */
const verifiedPassword = async (
  deps: CommandDeps,
  { state, facts }: LoadedUser,
  password: string,
  caller: Caller,
): Promise<string> => {
  const address = lastAddress(facts);
  if (state.status === 'unknown' || state.status === 'erased' || isErased(state.passwordHash) || address === undefined)
    throw new Refused('not-found');
  const { passwordHash } = state;
  const who = { account: accountOf(addressMac(deps.addressKey, address)), source: caller.source.bucket };
  const right = await deps.limits.attempt(who, () => deps.passwords.verify(password, passwordHash));
  if (!right) throw new Refused('password-invalid');
  return passwordHash;
};
