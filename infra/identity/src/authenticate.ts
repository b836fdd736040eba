import { contextOf } from '@ums/kit/http/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';
import type { AccessClaims } from './access-token/claims.js';
import type { AccessTokenVerifier } from './access-token/verify.js';
import type { Principal } from './principal.js';

export interface AuthenticationDeps {
  verifier: AccessTokenVerifier;
  /** Where a service follows revocations itself. A service that asks the vault per command has none. */
  revocations?: { isRevoked(claims: AccessClaims): Promise<boolean> };
}

/**
 * Authenticates a request of a generated route: the access token must verify, must not be revoked, and must carry one of
 * the roles the route names. Both APIs read a route's roles here, so they mean the same in both.
 *
 * @throws Refused `unauthenticated`, `forbidden`; DependencyUnavailable when revocation cannot be determined.
 */
export const authenticate = async (
  request: Request,
  roles: readonly string[],
  { verifier, revocations }: AuthenticationDeps,
): Promise<Principal> => {
  const claims = await verifier.verify(request.get('authorization'));
  if (await revocations?.isRevoked(claims)) throw new Refused('unauthenticated');
  contextOf(request).userId = claims.sub;
  const held: readonly string[] = claims.roles;
  if (roles.length > 0 && !roles.some((role) => held.includes(role))) throw new Refused('forbidden');
  return { userId: claims.sub, sessionId: claims.sid, roles: claims.roles, epoch: claims.epoch };
};
