import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/etag';
import type { FactDeps } from '../account/factDeps.js';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { changeUser } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import { nameInput } from '../input/personInput.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';

export interface RenameUserInput {
  /** The user to rename. */
  caller: LiveCaller;
  name: string;
  ifMatch?: IfMatch | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
}

/** @throws Refused `validation-failed`, `account-suspended`, and what {@link changeUser} refuses. */
export const renameUser = async (
  deps: FactDeps,
  { caller, name: rawName, ifMatch, idempotencyKey }: RenameUserInput,
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const { userId } = caller;
  const name = nameInput(rawName);
  return changeUser(deps, {
    ...{ userId, ifMatch },
    decide: (user) => decide({ type: 'RenameUser', name }, user),
    cause: causedBy(origin, { kind: 'user', id: userId }),
    request: idempotentRequest(idempotencyKey, { principal: userId, route: 'PUT /user', body: { name } }),
  });
};
