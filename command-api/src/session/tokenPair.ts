import type { TokenPair } from '@ums/contracts/http/session';
import type { SessionHolder } from '../account/sessionRow.js';
import type { SessionDeps } from './sessionDeps.js';

/** The tokens of one generation of a session. A repeat gives the same refresh token and a new access token. */
export const tokenPair = (
  { accessTokens, refreshTokens }: Pick<SessionDeps, 'accessTokens' | 'refreshTokens'>,
  session: { sessionId: string; generation: number },
  { userId, roles, epoch }: SessionHolder,
): TokenPair => ({
  accessToken: accessTokens.sign({ sub: userId, sid: session.sessionId, roles, epoch }),
  refreshToken: refreshTokens.issue(session),
  tokenType: 'Bearer',
  expiresIn: accessTokens.ttlSeconds,
});
