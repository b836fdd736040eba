import type { GrantDecisionRequest } from '@ums/contracts/http/grant';
import { auditActor } from '@ums/identity/auditActor';
import type { ReadGrant } from '@ums/identity/grant/readGrant';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { FactDeps } from '../account/factDeps.js';
import { reauthenticate } from '../administration/reauthenticate.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import type { ConfirmAuditor } from './askForAccess.js';
import { changeGrant } from './changeGrant.js';

export interface AccessDecision extends GrantDecisionRequest {
  grantId: string;
  /** Confirms the caller; called again after the hashing. @throws Refused */
  confirmCaller: ConfirmAuditor;
}

/**
 * Approves or refuses a grant, after verifying the caller's own password. A repeat of one's own decision changes nothing.
 *
 * @throws Refused `own-grant` for who asked and for whom it concerns, `grant-closed` once it is decided or has ended,
 * `not-found`, `password-invalid`, `too-many-attempts`, `busy`, and what `confirmCaller` and `changeGrant` refuse;
 * LogUnavailable.
 */
export const decideOnAccess = async (
  deps: CredentialDeps,
  { grantId, decision, password, confirmCaller }: AccessDecision,
  origin: RequestOrigin,
): Promise<{ read: ReadGrant; by: string }> => {
  const caller = await reauthenticate(deps, { password, purpose: 'grant', confirmCaller }, origin);
  const { userId: by } = caller;
  const command = { type: 'DecideOnAccess' as const, by, approve: decision === 'approve' };
  return { read: await changeGrant(deps, { grantId, command, cause: causedBy(origin, auditActor(caller)) }), by };
};

/**
 * Ends a grant for who asked or for an administrator. No-op if it has ended or was refused.
 *
 * @throws Refused `forbidden` for others, `not-found`, and what `confirmCaller` and `changeGrant` refuse; LogUnavailable.
 */
export const endAccess = async (
  deps: FactDeps,
  { grantId, confirmCaller }: Pick<AccessDecision, 'grantId' | 'confirmCaller'>,
  origin: RequestOrigin,
): Promise<void> => {
  const caller = await confirmCaller();
  const isAdministrator = caller.roles.includes('admin');
  const command = { type: 'EndAccess' as const, by: caller.userId, isAdministrator };
  await changeGrant(deps, { grantId, command, cause: causedBy(origin, auditActor(caller)) });
};
