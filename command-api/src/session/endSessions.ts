import type { SessionEndReason } from '@ums/contracts/events/signin';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { revokeSessions } from '../account/sessionRemoval.js';
import { recordSignin } from './recordSignin.js';
import type { SessionDeps } from './sessionDeps.js';

/** Appends under way at once. */
const APPENDS_AT_ONCE = 10;

export interface EndedSessions {
  userId: string;
  sessionIds: readonly string[];
  reason: SessionEndReason;
}

/**
 * Ends sessions of a user: appends a `SessionEnded` for each, then deletes them and revokes their access tokens in the vault, all at
 * once. Revokes also when an append fails, because tokens must not stay valid during an outage of the log; the append's error is
 * thrown afterwards.
 *
 * @throws LogUnavailable after the revocation.
 */
export const endSessions = async (
  deps: SessionDeps,
  { userId, sessionIds, reason }: EndedSessions,
  origin: RequestOrigin,
): Promise<void> => {
  if (sessionIds.length === 0) return;
  const failure = await recordEnds(deps, { userId, sessionIds, reason }, origin).then(
    () => undefined,
    (error: unknown) => error,
  );
  await revokeSessions(deps.vault, userId, sessionIds);
  // The erasure already deleted the sessions, and without a data key the event cannot be sealed.
  if (failure instanceof SubjectErased) return;
  if (failure !== undefined) throw failure;
};

/** An append for each event, because one of them may be in the log already, and an append with a part of it would be refused. */
const recordEnds = async (
  deps: SessionDeps,
  { userId, sessionIds, reason }: EndedSessions,
  origin: RequestOrigin,
): Promise<void> => {
  const record = (sessionId: string) =>
    recordSignin(deps, userId, { type: 'SessionEnded', data: { sessionId, reason } }, origin);
  for (let from = 0; from < sessionIds.length; from += APPENDS_AT_ONCE)
    await Promise.all(sessionIds.slice(from, from + APPENDS_AT_ONCE).map(record));
};
