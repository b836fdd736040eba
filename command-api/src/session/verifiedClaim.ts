import type { RequestOrigin } from '@ums/kit/facts/cause';
import type { RefreshClaim } from './refreshTokens.js';
import type { SessionDeps } from './sessionDeps.js';

/** Forged tokens belong to no account, so they count per source: one source cannot get another one refused. */
const forgeriesFrom = (source: string): string => `refresh token ${source}`;

/**
 * Verifies the signature of a refresh token, and counts a forged one. The session may have ended.
 *
 * @returns `undefined` for a forged token.
 * @throws Refused `too-many-attempts`, `busy` for a source that sends forged tokens.
 */
export const verifiedClaim = async (
  deps: Pick<SessionDeps, 'refreshTokens' | 'limits'>,
  token: string,
  origin: RequestOrigin,
): Promise<RefreshClaim | undefined> => {
  const claim = deps.refreshTokens.verify(token);
  if (claim !== undefined) return claim;
  const source = origin.source.bucket;
  await deps.limits.attempt({ account: forgeriesFrom(source), source }, async () => false);
  return undefined;
};
