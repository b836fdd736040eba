import type { TokenPair } from '@ums/contracts/http/session';
import type { SessionHolder } from '../authorization/liveSession.js';
import type { SessionDeps } from '../commandDeps.js';

/** The tokens of one generation of a session. The refresh token is the same every time, the access token signed anew. */
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
