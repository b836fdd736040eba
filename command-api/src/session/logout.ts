import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { findLiveSession } from '../account/sessionRow.js';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { endSession } from './endSession.js';
import type { SessionDeps } from './sessionDeps.js';
import { verifiedClaim } from './verifiedClaim.js';

export interface LogoutInput {
  /** Confirms the session of the access token. @throws Refused `unauthenticated` */
  confirmCaller(): Promise<LiveCaller>;
  /** Ends its session if the access token does not, because it is missing, expired or revoked. */
  refreshToken?: string | undefined;
}

/**
 * Ends the session of the access token, or else of the refresh token. Any generation of the refresh token will do: the
 * client may have lost the answer to its last refresh.
 *
 * @throws Refused `unauthenticated` if neither token belongs to a live session; `too-many-attempts`, `busy` for a source
 * that sends forged tokens. LogUnavailable as {@link endSession}.
 */
export const logout = async (deps: SessionDeps, input: LogoutInput, origin: RequestOrigin): Promise<void> => {
  const { userId, sessionId } = await sessionToEnd(deps, input, origin);
  await endSession(deps, { userId, sessionId, reason: 'logout' }, origin);
};

const sessionToEnd = async (
  deps: SessionDeps,
  { confirmCaller, refreshToken }: LogoutInput,
  origin: RequestOrigin,
): Promise<{ userId: string; sessionId: string }> => {
  try {
    return await confirmCaller();
  } catch (error) {
    const mayUseRefreshToken = error instanceof Refused && error.slug === 'unauthenticated';
    if (!mayUseRefreshToken || refreshToken === undefined) throw error;
  }
  const claim = await verifiedClaim(deps, refreshToken, origin);
  const session = claim && (await findLiveSession(deps.vault, claim.sessionId, deps.clock.now()));
  if (claim === undefined || session === undefined) throw new Refused('unauthenticated', { tokenOfBody: true });
  return { userId: session.userId, sessionId: claim.sessionId };
};
