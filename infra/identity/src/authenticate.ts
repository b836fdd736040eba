import { contextOf } from '@ums/kit/http/request/requestContext';
import type { RequestPlaces } from '@ums/kit/http/requestPlaces';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';
import type { AccessTokenVerifier } from './access-token/accessTokenVerifier.js';
import type { AccessClaims } from './access-token/claims.js';
import type { Principal } from './principal.js';

export interface AuthenticationDeps {
  verifier: AccessTokenVerifier;
  /** Of the requests of each user. None for a check that no statement follows. */
  places?: RequestPlaces;
  /** For services that follow revocations. command-api has none: it checks the session in the vault for each command. */
  revocations?: { isRevoked(claims: AccessClaims): Promise<boolean> };
}

/**
 * Authenticates a request of a generated route: its access token must be valid and not revoked, and must carry one of the
 * route's roles. Both APIs use this function, so that roles mean the same in both.
 *
 * @param roles one of them suffices; without any, every principal may call the route.
 * @throws Refused `unauthenticated`, `forbidden`, `too-many-requests`; DependencyUnavailable when revocation cannot be determined.
 */
export const authenticate = async (
  request: Request,
  roles: readonly string[],
  { verifier, places, revocations }: AuthenticationDeps,
): Promise<Principal> => {
  const claims = await verifier.verify(request.get('authorization'));
  contextOf(request).userId = claims.sub;
  await places?.enter(request, claims.sub);
  if (await revocations?.isRevoked(claims)) throw new Refused('unauthenticated');
  const held: readonly string[] = claims.roles;
  if (roles.length > 0 && !roles.some((role) => held.includes(role))) throw new Refused('forbidden');
  return { userId: claims.sub, sessionId: claims.sid, roles: claims.roles, epoch: claims.epoch };
};
