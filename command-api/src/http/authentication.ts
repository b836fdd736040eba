import { isRole } from '@ums/contracts/roles';
import { contextOf, type Principal } from '@ums/kit/http/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';
import { depsOf } from './httpDeps.js';

/**
 * Called by tsoa's generated routes for `@Security('bearer', roles)`: who the access token says is calling (Z-02). Its
 * session, epoch and roles are looked up in the vault by the use case, after any hashing; see `mustBeLive`.
 */
export const expressAuthentication = async (request: Request, _name: string, roles: string[] = []) => {
  const claims = await depsOf(request).verifier.verify(request.get('authorization'));
  const { sub: userId, sid: sessionId, epoch } = claims;
  if (!roles.filter(isRole).every((role) => claims.roles.includes(role))) throw new Refused('forbidden');
  const principal: Principal = { userId, sessionId, epoch, roles: claims.roles };
  contextOf(request).principal = principal;
  return principal;
};

/** Of a request that passed `@Security`. */
export const principalOf = (request: Request): Principal => {
  const { principal } = contextOf(request);
  if (principal === undefined) throw new Refused('unauthenticated');
  return principal;
};
