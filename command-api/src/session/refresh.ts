import type { TokenPair } from '@ums/contracts/http/session';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { findLiveSession } from '../authorization/liveSession.js';
import type { SessionDeps } from '../commandDeps.js';
import { endSession } from './endSession.js';
import type { RefreshClaim } from './refreshTokens.js';
import { rotateSession } from './sessionRow.js';
import { tokenPair } from './tokenPair.js';

/** For this long a rotated token yields the same successor again, since the answer may have been lost (T-07). */
const GRACE_MS = 10_000;

/** Forged tokens name no account, so they count per source: one source cannot get another source refused. */
const forgedBy = (source: string): string => `refresh token ${source}`;

/**
 * Changes a refresh token for its successor: one compare-and-set. The token just changed gives the same successor for ten
 * seconds, for its answer may have been lost (T-07); an older one was copied, and ends the session (T-06; RFC 9700 §4.14.2).
 *
 * @throws Refused `refresh-token-invalid`; `too-many-attempts` for a source that sends forged ones.
 */
export const refresh = async (deps: SessionDeps, token: string, origin: RequestOrigin): Promise<TokenPair> => {
  const claim = deps.refreshTokens.verify(token);
  if (claim === undefined) {
    const source = origin.source.bucket;
    await deps.limits.attempt({ account: forgedBy(source), source }, async () => false);
    throw new Refused('refresh-token-invalid');
  }
  const holder = await rotateSession(deps.vault, claim, deps.clock.now());
  if (holder === undefined) return repeated(deps, claim, origin);
  return tokenPair(deps, { ...claim, generation: claim.generation + 1 }, holder);
};

const repeated = async (deps: SessionDeps, claim: RefreshClaim, origin: RequestOrigin): Promise<TokenPair> => {
  const now = deps.clock.now();
  const session = await findLiveSession(deps.vault, claim.sessionId, now);
  if (session === undefined) throw new Refused('refresh-token-invalid');
  const { generation, rotatedAt } = session;
  if (generation === claim.generation + 1 && now.getTime() - rotatedAt.getTime() <= GRACE_MS)
    return tokenPair(deps, { sessionId: claim.sessionId, generation }, session);
  // A generation yet to come is from before the vault was restored: no proof of theft, and no use.
  if (generation > claim.generation)
    await endSession(deps, { userId: session.userId, sessionId: claim.sessionId, reason: 'reuse' }, origin);
  throw new Refused('refresh-token-invalid');
};
