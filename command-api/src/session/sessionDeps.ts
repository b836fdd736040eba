import type { AccessTokenSigner } from '@ums/identity/access-token/accessTokenSigner';
import type { ProfileAnswerDeps } from '../change/userAnswer.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import type { CountLogin } from './countLogin.js';
import type { RefreshTokens } from './refreshTokens.js';

/** Dependencies of the use cases that start, refresh and end sessions. */
export interface SessionDeps extends CredentialDeps, ProfileAnswerDeps {
  accessTokens: AccessTokenSigner;
  refreshTokens: RefreshTokens;
  /** For this long a rotated refresh token gives the same successor again. */
  refreshGraceSeconds: number;
  countLogin: CountLogin;
}
