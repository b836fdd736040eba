import type { RequestOrigin } from '@ums/kit/facts/cause';
import type { FactDeps } from '../account/factDeps.js';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import { changeUser } from '../change/changeUser.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';
import { type ChangeForReason, changeForReason } from './changeForReason.js';
import { changeUnlessLastAdministrator } from './changeUnlessLastAdministrator.js';

export interface Suspension extends ChangeForReason {
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
    {
      ...changeForReason('POST /users/{id}/suspension', suspension, origin),
      decide: (user) => decide({ type: 'SuspendUser' }, user),
    },
    suspension.confirmCaller,
  );

/** Lets a suspended user log in again. @throws Refused `validation-failed`, `not-found`, and what `changeUser` refuses. */
export const reinstateUser = async (
  deps: FactDeps,
  reinstatement: ChangeForReason,
  origin: RequestOrigin,
): Promise<ExistingUser> =>
  changeUser(deps, {
    ...changeForReason('DELETE /users/{id}/suspension', reinstatement, origin),
    decide: (user) => decide({ type: 'ReinstateUser' }, user),
  });
