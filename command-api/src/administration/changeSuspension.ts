import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/etag';
import type { FactDeps } from '../account/factDeps.js';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import { changeUser, type UserChange } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import { reasonInput } from '../input/personInput.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';
import { changeUnlessLastAdministrator } from './changeUnlessLastAdministrator.js';

export interface SuspensionChange {
  caller: LiveCallerWith<'admin'>;
  /** The user to suspend or reinstate. */
  userId: string;
  /** As sent. Its stored form is recorded in the event's metadata, sealed for the user. */
  reason: string;
  ifMatch?: IfMatch | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
}

export interface Suspension extends SuspensionChange {
  /** Confirms the caller again after waiting for another administrator's command. @throws Refused */
  confirmCaller(): Promise<LiveCallerWith<'admin'>>;
}

/**
 * Suspends a user: ends all sessions and tokens at once and blocks new ones. No-op if already suspended.
 *
 * @throws Refused `validation-failed`, `not-found`, `last-administrator`, and what `changeUser` and `confirmCaller` refuse.
 */
export const suspendUser = async (
  deps: FactDeps,
  suspension: Suspension,
  origin: RequestOrigin,
): Promise<ExistingUser> =>
  changeUnlessLastAdministrator(
    deps,
    { ...changeOf('POST', suspension, origin), decide: (user) => decide({ type: 'SuspendUser' }, user) },
    suspension.confirmCaller,
  );

/** Lets a suspended user log in again. @throws Refused `validation-failed`, `not-found`, and what `changeUser` refuses. */
export const reinstateUser = async (
  deps: FactDeps,
  reinstatement: SuspensionChange,
  origin: RequestOrigin,
): Promise<ExistingUser> =>
  changeUser(deps, {
    ...changeOf('DELETE', reinstatement, origin),
    decide: (user) => decide({ type: 'ReinstateUser' }, user),
  });

const changeOf = (
  method: 'POST' | 'DELETE',
  { caller, userId, reason: rawReason, ifMatch, idempotencyKey }: SuspensionChange,
  origin: RequestOrigin,
): Omit<UserChange, 'decide'> => {
  const reason = reasonInput(rawReason);
  return {
    ...{ userId, ifMatch },
    cause: causedBy(origin, { kind: 'admin', id: caller.userId }, reason),
    request: idempotentRequest(idempotencyKey, {
      principal: caller.userId,
      route: `${method} /users/{id}/suspension`,
      body: { userId, reason },
    }),
  };
};
