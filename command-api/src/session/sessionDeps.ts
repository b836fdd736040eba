import type { AccessTokenSigner } from '@ums/kit/access-token/sign';
import type { CommandDeps } from '../commandDeps.js';
import type { RefreshTokens } from './refreshTokens.js';

/** What begins, keeps and ends sessions. */
export interface SessionDeps extends CommandDeps {
  accessTokens: AccessTokenSigner;
  refreshTokens: RefreshTokens;
}
