import type { SessionEndReason } from '@ums/contracts/events/signin';
import { waitAfterLog } from '@ums/kit/event-log/afterLogTimeout';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { revokeSessions } from '../account/sessionRemoval.js';
import { recordSignin } from './recordSignin.js';
import type { SessionDeps } from './sessionDeps.js';

/**
 * Ends a session: appends `SessionEnded`, then deletes the session and revokes its access tokens in the vault. Revokes also
 * when the append fails, because tokens must not stay valid during an outage of the log; the append's error is thrown
 * afterwards.
 *
 * @throws LogUnavailable after the revocation, or after 400 ms of waiting for it; the revocation then goes on.
 */
export const endSession = async (
  deps: SessionDeps,
  session: { userId: string; sessionId: string; reason: SessionEndReason },
  origin: RequestOrigin,
): Promise<void> => {
  const { userId, sessionId, reason } = session;
  const failure = await recordSignin(deps, userId, { type: 'SessionEnded', data: { sessionId, reason } }, origin).then(
    () => undefined,
    (error: unknown) => error,
  );
  const revoking = revokeSessions(deps.vault, userId, [sessionId]);
  // The erasure already deleted the sessions, and without a data key the event cannot be sealed.
  if (failure === undefined || failure instanceof SubjectErased) return revoking;
  revoking.catch((error: unknown) => deps.log.warn('session not revoked', { userId, error }));
  await waitAfterLog(revoking);
  throw failure;
};
