import { KeyObject } from 'node:crypto';
import type { EraseByAdministratorRequest } from '@ums/contracts/http/administration';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/request/etag';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import type { UserChange } from '../change/changeUser.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { type ErasedUser, withReceipt } from '../erasure/withReceipt.js';
import { reasonInput } from '../input/personInput.js';
import { decide } from '../user/decide.js';
import { loadSealedUser } from '../user/loadUser.js';
import { changeUnlessLastAdministrator } from './changeUnlessLastAdministrator.js';
import { reauthenticate } from './reauthenticate.js';

export interface EraseByAdministratorInput extends EraseByAdministratorRequest {
  /** The user to erase. `password` is the administrator's. */
  userId: string;
  ifMatch?: IfMatch | undefined;
  /** Confirms the administrator; called again after the hashing, and after waiting for the lock. @throws Refused */
  confirmCaller(): Promise<LiveCallerWith<'admin'>>;
}

/**
 * Erases a user for an administrator, after verifying the administrator's own password: for users who are suspended, or who
 * ask by letter. No-op if the user is erased already.
 *
 * The reason is sealed for the erased user, as every reason is, because it may hold personal data. So it becomes unreadable
 * when the key is destroyed; actor, time and source of the request remain. Without a data key, because it was lost or given up, the
 * reason is not recorded, and no notice is mailed: such a user can be erased, too.
 *
 * @throws Refused `validation-failed`, `password-invalid`, `too-many-attempts`, `busy`, `not-found`, `last-administrator`,
 * `unauthenticated`, and what `confirmCaller` and `changeUser` refuse; LogUnavailable.
 */
export const eraseByAdministrator = async (
  deps: CredentialDeps,
  { userId, reason: rawReason, password, ifMatch, confirmCaller }: EraseByAdministratorInput,
  origin: RequestOrigin,
): Promise<ErasedUser> => {
  const reason = reasonInput(rawReason);
  const caller = await reauthenticate(deps, { password, purpose: 'erasure', confirmCaller }, origin);
  const canSeal = await hasDataKey(deps, userId);
  const change: UserChange = {
    ...{ userId, ifMatch, load: canSeal ? undefined : loadSealedUser },
    decide: (user) => decide({ type: 'StartErasureByAdministrator' }, user),
    tookEffect: ({ status }) => status === 'erased',
    cause: causedBy(origin, { kind: 'admin', id: caller.userId }, canSeal ? reason : undefined),
  };
  return withReceipt(deps, await changeUnlessLastAdministrator(deps, change, confirmCaller));
};

/** `false` for a user whose key is missing, damaged or destroyed. */
const hasDataKey = async ({ keys }: Pick<CredentialDeps, 'keys'>, userId: string): Promise<boolean> => {
  try {
    return (await keys.fetch([userId])).get(userId) instanceof KeyObject;
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    return false;
  }
};
