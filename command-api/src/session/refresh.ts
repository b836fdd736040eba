import type { TokenPair } from '@ums/contracts/http/session';
import { SKEW_SECONDS } from '@ums/identity/access-token/claims';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { findLiveSession, rotateSession } from '../account/sessionRow.js';
import { endSession } from './endSession.js';
import type { RefreshClaim } from './refreshTokens.js';
import type { SessionDeps } from './sessionDeps.js';
import { tokenPair } from './tokenPair.js';
import { verifiedClaim } from './verifiedClaim.js';

/**
 * Exchanges a refresh token for its successor in one compare-and-set. For a grace period, and until the successor
 * is used, the exchanged token gives the same successor again, because the answer may have been lost (T-07). Any other
 * repeat means that the token was copied, and ends the session (T-06; RFC 9700 §4.14.2).
 *
 * @throws Refused `refresh-token-invalid`; `too-many-attempts`, `busy` for a source that sends forged tokens.
 * LogUnavailable when the end of the session could not be recorded.
 */
export const refresh = async (deps: SessionDeps, token: string, origin: RequestOrigin): Promise<TokenPair> => {
  const claim = await verifiedClaim(deps, token, origin);
  if (claim === undefined) throw new Refused('refresh-token-invalid');
  const holder = await rotateSession(deps.vault, claim, deps.clock.now());
  if (holder === undefined) return reused(deps, claim, origin);
  return tokenPair(deps, { ...claim, generation: claim.generation + 1 }, holder);
};

const reused = async (deps: SessionDeps, claim: RefreshClaim, origin: RequestOrigin): Promise<TokenPair> => {
  const now = deps.clock.now();
  const session = await findLiveSession(deps.vault, claim.sessionId, now);
  if (session === undefined) throw new Refused('refresh-token-invalid');
  const { generation, rotatedAt } = session;
  if (generation === claim.generation + 1 && isInGrace(now.getTime() - rotatedAt.getTime(), deps.refreshGraceSeconds))
    return tokenPair(deps, { sessionId: claim.sessionId, generation }, session);
  // A token with a higher generation was issued before the vault was restored from a backup. It is invalid, not copied.
  if (generation > claim.generation)
    await endSession(deps, { userId: session.userId, sessionId: claim.sessionId, reason: 'reuse' }, origin);
  throw new Refused('refresh-token-invalid');
};

/** A clock that was set back must not extend the grace period; clocks of processes may differ. */
const isInGrace = (ageMs: number, graceSeconds: number): boolean =>
  ageMs >= -SKEW_SECONDS * 1_000 && ageMs <= graceSeconds * 1_000;
