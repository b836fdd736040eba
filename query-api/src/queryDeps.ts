import type { AccessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import type { Revocations } from './authorization/followRevocations.js';
import type { HistoryDeps } from './history/historyDeps.js';
import type { ProfileDeps } from './profile/ownProfile.js';

/** The dependencies of all controllers and of the authentication of requests. */
export interface QueryDeps extends ProfileDeps, HistoryDeps {
  verifier: AccessTokenVerifier;
  revocations: Pick<Revocations, 'isRevoked'>;
}
