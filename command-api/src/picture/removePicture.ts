import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/request/etag';
import type { FactDeps } from '../account/factDeps.js';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { changeUser } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';

export interface PictureRemoval {
  caller: LiveCaller;
  ifMatch?: IfMatch | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
}

/**
 * Removes the picture of a user, also one that is still processed. No-op without a picture. The notifier deletes the objects.
 *
 * @throws Refused `account-suspended`, and what {@link changeUser} refuses; LogUnavailable.
 */
export const removePicture = (
  deps: FactDeps,
  { caller, ifMatch, idempotencyKey }: PictureRemoval,
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const { userId } = caller;
  return changeUser(deps, {
    ...{ userId, caller, ifMatch },
    decide: (user) => decide({ type: 'RemovePicture' }, user),
    cause: causedBy(origin, { kind: 'user', id: userId }),
    request: idempotentRequest(idempotencyKey, { principal: userId, route: 'DELETE /user/picture', body: {} }),
  });
};
