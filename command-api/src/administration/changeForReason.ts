import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/request/etag';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import type { UserChange } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import { reasonInput } from '../input/personInput.js';

/** What an administrator sends to change a user for a reason. */
export interface ChangeForReason {
  caller: LiveCallerWith<'admin'>;
  /** The user to change. */
  userId: string;
  /** As sent. Its stored form is recorded in the event's metadata, sealed for the user. */
  reason: string;
  ifMatch?: IfMatch | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
}

/**
 * The change, without its decision.
 *
 * @param route method and path, which the idempotency key is for
 * @throws Refused `validation-failed`
 */
export const changeForReason = (
  route: string,
  { caller, userId, reason: rawReason, ifMatch, idempotencyKey }: ChangeForReason,
  origin: RequestOrigin,
): Omit<UserChange, 'decide'> => {
  const reason = reasonInput(rawReason);
  return {
    ...{ userId, ifMatch },
    cause: causedBy(origin, { kind: 'admin', id: caller.userId }, reason),
    request: idempotentRequest(idempotencyKey, { principal: caller.userId, route, body: { userId, reason } }),
  };
};
