import type { SessionListBody } from '@ums/contracts/http/session';
import { latestSessionsOf } from '../account/sessionTimes.js';
import type { LiveCaller } from '../authorization/liveCaller.js';
import type { SessionDeps } from './sessionDeps.js';

const MOST_LISTED = 100;

/** The sessions of the caller that can still be used, the current one first (ASVS 7.5.2). From the vault, so never out of date. */
export const listSessions = async (
  { vault, clock }: Pick<SessionDeps, 'vault' | 'clock'>,
  { userId, sessionId }: LiveCaller,
): Promise<SessionListBody> => {
  const sessions = await latestSessionsOf(vault, { userId, sessionId, limit: MOST_LISTED }, clock.now());
  return {
    items: sessions.map(({ id, startedAt, refreshedAt, expiresAt }) => ({
      ...{ id, current: id === sessionId, startedAt: startedAt.toISOString() },
      ...{ refreshedAt: refreshedAt.toISOString(), expiresAt: expiresAt.toISOString() },
    })),
  };
};
