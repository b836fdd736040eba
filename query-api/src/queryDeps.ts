import type { AccessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { Revocations } from './authorization/followRevocations.js';
import type { CheckpointWatch } from './consistency/checkpointWatch.js';

/** The dependencies of the controllers. */
export interface QueryDeps {
  read: Query;
  vault: Query;
  watch: CheckpointWatch;
  verifier: AccessTokenVerifier;
  revocations: Pick<Revocations, 'isRevoked'>;
}
