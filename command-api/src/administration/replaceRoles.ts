import type { RolesRequest } from '@ums/contracts/http/administration';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/request/etag';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import type { UserChange } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { reasonInput, rolesInput } from '../input/personInput.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';
import { changeUnlessLastAdministrator } from './changeUnlessLastAdministrator.js';
import { reauthenticate } from './reauthenticate.js';

export interface RoleReplacement extends RolesRequest {
  /** The user whose roles are replaced. `password` is the administrator's. */
  userId: string;
  ifMatch?: IfMatch | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
  /** Confirms the administrator; called again after the hashing, and after waiting for the lock. @throws Refused */
  confirmCaller(): Promise<LiveCallerWith<'admin'>>;
}

/**
 * Replaces the roles of a user, which revokes their access tokens. No-op if they hold exactly these roles. A password that
 * is sent is verified, also where none is needed.
 *
 * @throws Refused `validation-failed`, `password-invalid`, `too-many-attempts`, `busy`, `not-found`, `account-suspended`,
 * `last-administrator`, `unauthenticated`, and what `confirmCaller` and `changeUser` refuse; LogUnavailable.
 */
export const replaceRoles = async (
  deps: CredentialDeps,
  { userId, reason: rawReason, roles: named, password, ifMatch, idempotencyKey, confirmCaller }: RoleReplacement,
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const reason = reasonInput(rawReason);
  // In one order, so that a repeat that names them in another one is the same request.
  const roles = rolesInput(named);
  const { userId: callerId } = await (password === undefined
    ? confirmCaller()
    : reauthenticate(deps, { password, purpose: 'roles', confirmCaller }, origin));
  const change: UserChange = {
    ...{ userId, ifMatch },
    decide: (user) => decide({ type: 'ReplaceRoles', roles, reauthenticated: password !== undefined }, user),
    cause: causedBy(origin, { kind: 'admin', id: callerId }, reason),
    request: idempotentRequest(idempotencyKey, {
      principal: callerId,
      route: 'PUT /users/{id}/roles',
      body: { userId, roles: roles.join(' '), reason },
    }),
  };
  return changeUnlessLastAdministrator(deps, change, confirmCaller);
};
