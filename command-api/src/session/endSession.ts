import type { SessionEndReason } from '@ums/contracts/events/signin';
import type { Caller } from '../facts/cause.js';
import { SubjectErased } from '../facts/keysForSealing.js';
import type { SessionDeps } from './sessionDeps.js';
import { cutSession } from './sessionRows.js';
import { recordSignin } from './signinFact.js';

/**
 * Ends a session: the fact first, then the vault. With the log down the vault is cut all the same, for tokens that should
 * be dead must not outlive an outage; the caller then hears of the outage.
 *
 * @throws LogUnavailable after the cut.
 */
export const endSession = async (
  deps: SessionDeps,
  session: { userId: string; sessionId: string; reason: SessionEndReason },
  caller: Caller,
): Promise<void> => {
  const { userId, sessionId, reason } = session;
  const failure = await recordSignin(deps, userId, { type: 'SessionEnded', data: { sessionId, reason } }, caller).then(
    () => undefined,
    (error: unknown) => error,
  );
  await cutSession(deps.vault, userId, sessionId);
  // Whoever is erased has no session left, and nothing to say where its end came from.
  if (failure instanceof SubjectErased) return;
  if (failure !== undefined) throw failure;
};
