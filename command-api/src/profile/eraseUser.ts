import type { EraseRequest } from '@ums/contracts/http/user';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/request/etag';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { changeUser } from '../change/changeUser.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { verifyUserPassword } from '../credentials/verifyUserPassword.js';
import { type ErasedUser, withReceipt } from '../erasure/withReceipt.js';
import { decide } from '../user/decide.js';
import { loadUser } from '../user/loadUser.js';

export interface EraseUserInput extends EraseRequest {
  /** Whose password is verified. The confirmed caller is erased. */
  userId: string;
  ifMatch?: IfMatch | undefined;
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
  deps: CredentialDeps,
  { userId, password, ifMatch, confirmCaller }: EraseUserInput,
  origin: RequestOrigin,
): Promise<ErasedUser> => {
  const user = await loadUser(deps, userId);
  // A repeat of an erasure whose answer was lost: it took effect, so no password hash is left to verify against.
  const verifiedHash =
    user.state.status === 'erased'
      ? ''
      : (await verifyUserPassword(deps, user, { password, purpose: 'erasure' }, origin)).hash;
  const caller = await confirmCaller();
  const erased = await changeUser(deps, {
    ...{ userId: caller.userId, caller, ifMatch },
    decide: (user) => decide({ type: 'StartErasure', verifiedHash }, user),
    tookEffect: ({ status }) => status === 'erased',
    cause: causedBy(origin, { kind: 'user', id: caller.userId }),
  });
  return withReceipt(deps, erased);
};
