import type { SessionEndReason } from '@ums/contracts/events/signin';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import type { SessionDeps } from '../commandDeps.js';
import { recordSignin } from './recordSignin.js';
import { revokeSession } from './sessionRow.js';

/**
 * Ends a session: the fact first, then the vault. With the log down the vault is cut all the same, for tokens that should
 * be dead must not outlive an outage; the caller then hears of the outage.
 *
 * @throws LogUnavailable after the cut.
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
  await revokeSession(deps.vault, userId, sessionId);
  // Whoever is erased has no session left, and nothing to say where its end came from.
  if (failure instanceof SubjectErased) return;
  if (failure !== undefined) throw failure;
};
