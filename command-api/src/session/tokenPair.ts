import type { TokenPair } from '@ums/contracts/http/session';
import type { SessionDeps } from './sessionDeps.js';
import type { Holder } from './sessionRows.js';

/** The tokens of one generation of a session. The refresh token is the same every time, the access token signed anew. */
export const tokenPair = (
  { accessTokens, refreshTokens }: Pick<SessionDeps, 'accessTokens' | 'refreshTokens'>,
  session: { sessionId: string; generation: number },
  { userId, roles, epoch }: Holder,
): TokenPair => ({
  accessToken: accessTokens.sign({ sub: userId, sid: session.sessionId, roles, epoch }),
  refreshToken: refreshTokens.issue(session),
  tokenType: 'Bearer',
  expiresIn: accessTokens.ttlSeconds,
});
