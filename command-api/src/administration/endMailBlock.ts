import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { FactDeps } from '../account/factDeps.js';
import { changeUser } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import { reasonInput } from '../input/personInput.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';
import type { SuspensionChange } from './changeSuspension.js';

/**
 * Lets the current address of a user get mail again after a mail bounced. No-op if it gets mail.
 *
 * @throws Refused `validation-failed`, `not-found`, `recipient-complained`, and what `changeUser` refuses.
 */
export const endMailBlock = async (
  deps: FactDeps,
  { caller, userId, reason: rawReason, ifMatch, idempotencyKey }: SuspensionChange,
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const reason = reasonInput(rawReason);
  return changeUser(deps, {
    ...{ userId, ifMatch },
    cause: causedBy(origin, { kind: 'admin', id: caller.userId }, reason),
    request: idempotentRequest(idempotencyKey, {
      principal: caller.userId,
      route: 'POST /users/{id}/mail-block/end',
      body: { userId, reason },
    }),
    decide: (user) => decide({ type: 'EndMailBlock' }, user),
  });
};
