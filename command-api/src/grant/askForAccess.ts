import { KeyObject, randomUUID } from 'node:crypto';
import type { GrantRequest } from '@ums/contracts/http/grant';
import { grantStream } from '@ums/contracts/streams';
import type { RecordRead } from '@ums/identity/access/recordRead';
import { auditActor } from '@ums/identity/auditActor';
import type { ReadGrant } from '@ums/identity/grant/readGrant';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { reauthenticate } from '../administration/reauthenticate.js';
import { refuseAbsent } from '../administration/refuseAbsent.js';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import { idempotencyRecord, idempotentRequest } from '../change/idempotency.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { purposeInput } from '../input/personInput.js';
import { loadUser } from '../user/loadUser.js';
import { changeGrant } from './changeGrant.js';
import { takeWaitingPlace } from './takeWaitingPlace.js';

export interface AskDeps extends CredentialDeps {
  recordRead: RecordRead;
}

export type ConfirmAuditor = () => Promise<LiveCallerWith<'auditor' | 'admin'>>;

export interface AccessRequest extends GrantRequest {
  /** `Idempotency-Key` as sent. */
  idempotencyKey: string | undefined;
  /** Confirms the caller; called again after the hashing. @throws Refused */
  confirmCaller: ConfirmAuditor;
}

const OWN_ID = { field: 'userId', message: 'must be another user: you see your own values without a grant' };

/**
 * Asks to see the personal values of a user, after verifying the caller's own password. Under an `Idempotency-Key` the id of
 * the grant is derived, so that a repeat finds it. The key counts per user it concerns, as those of other commands do.
 *
 * @throws Refused `validation-failed`, `not-found`, `user-erased`, `grants-waiting`, `password-invalid`, `too-many-attempts`,
 * `busy`, `unauthenticated`, and what `confirmCaller` and `changeGrant` refuse; LogUnavailable.
 */
export const askForAccess = async (
  deps: AskDeps,
  { userId, minutes, purpose: rawPurpose, password, idempotencyKey, confirmCaller }: AccessRequest,
  origin: RequestOrigin,
): Promise<{ id: string; read: ReadGrant }> => {
  const purpose = purposeInput(rawPurpose);
  const caller = await reauthenticate(deps, { password, purpose: 'grant', confirmCaller }, origin);
  if (caller.userId === userId) throw new Refused('validation-failed', { errors: [OWN_ID] });
  await refuseAbsent(deps, await loadUser(deps, userId), { reader: caller, asked: 'grant', origin, field: 'userId' });
  const key = (await deps.keys.fetch([userId])).get(userId);
  const body = { userId, minutes, purpose };
  const request = idempotentRequest(idempotencyKey, {
    ...{ principal: caller.userId, route: 'POST /audit/grants', body },
  });
  const record = request && key instanceof KeyObject ? idempotencyRecord(key, request) : undefined;
  const id = record?.eventId('grant', 0) ?? randomUUID();
  if (record === undefined || !(await isAskedFor(deps, id)))
    await takeWaitingPlace(deps, { grantId: id, askedBy: caller.userId });
  const cause = causedBy(origin, auditActor(caller));
  return {
    id,
    read: await changeGrant(deps, { grantId: id, command: { type: 'AskForAccess', ...body }, cause, record }),
  };
};

/** A repeat is answered with its grant, however many wait. */
const isAskedFor = async ({ eventLog }: Pick<AskDeps, 'eventLog'>, grantId: string): Promise<boolean> =>
  (await eventLog.readPart(grantStream(grantId), { limit: 1 })).length > 0;
