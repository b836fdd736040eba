import { isRole } from '@ums/contracts/roles';
import { contextOf, type Principal } from '@ums/kit/http/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';
import { depsOf } from './queryDeps.js';

/**
 * Called by the generated routes before anything of a request is read: the token must verify, must not be revoked, and must
 * carry one of the roles a route names. Identity comes from here alone (Z-02).
 *
 * @throws Refused `unauthenticated`, `forbidden`; DependencyUnavailable when revocation cannot be known.
 */
export const expressAuthentication = async (
  request: Request,
  scheme: string,
  roles: readonly string[] = [],
): Promise<Principal> => {
  if (scheme !== 'bearer' || !roles.every(isRole))
    throw new Error('a route names a scheme or role that does not exist');
  const { verifier, revocations } = depsOf(request);
  const claims = await verifier.verify(request.get('authorization'));
  if (await revocations.isRevoked(claims)) throw new Refused('unauthenticated');
  const principal = { userId: claims.sub, sessionId: claims.sid, roles: claims.roles, epoch: claims.epoch };
  contextOf(request).principal = principal;
  if (roles.length > 0 && !roles.some((role) => claims.roles.includes(role))) throw new Refused('forbidden');
  return principal;
};
