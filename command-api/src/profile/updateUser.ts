import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/etag';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { changeUser } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { type EmailChangeInput, requestEmailChange } from '../email-change/requestEmailChange.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';

export interface UpdateUserInput {
  /** The user to change. */
  caller: LiveCaller;
  /** In its stored form. */
  name?: string | undefined;
  emailChange?: EmailChangeInput | undefined;
  ifMatch?: IfMatch | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
}

export interface UpdatedUser extends ExistingUser {
  /** Whether the new address has to be confirmed with a link that is mailed to it. */
  awaitsConfirmation: boolean;
}

/**
 * Changes the fields that are given, in one append. A new address is only asked for: it becomes the user's once the link that
 * is mailed to it is confirmed.
 *
 * @throws Refused `account-suspended`, and what {@link requestEmailChange} and {@link changeUser} refuse; LogUnavailable.
 */
export const updateUser = async (
  deps: CredentialDeps,
  { caller, name, emailChange, ifMatch, idempotencyKey }: UpdateUserInput,
  origin: RequestOrigin,
): Promise<UpdatedUser> => {
  const { userId } = caller;
  const email = emailChange?.email;
  const requested = emailChange && (await requestEmailChange(deps, userId, emailChange, origin));
  const changed = await changeUser(deps, {
    ...{ userId, ifMatch },
    decide: (user) => [
      ...(name === undefined ? [] : decide({ type: 'RenameUser', name }, user)),
      ...(requested?.decide(user) ?? []),
    ],
    beforeAppend: requested?.beforeAppend,
    cause: causedBy(origin, { kind: 'user', id: userId }),
    request: idempotentRequest(idempotencyKey, {
      ...{ principal: userId, route: 'PUT /user' },
      body: { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) },
    }),
  });
  // From the state after the request, so that a repeat under the same key gets the same answer.
  const { state } = changed;
  const pending = state.status === 'active' ? state.requestedEmail?.email : undefined;
  return { ...changed, awaitsConfirmation: email !== undefined && pending === email };
};
