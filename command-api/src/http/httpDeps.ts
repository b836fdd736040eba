import type { AccessTokenVerifier } from '@ums/kit/access-token/verify';
import type { Request, RequestHandler } from 'express';
import type { SessionDeps } from '../session/sessionDeps.js';

/** What the controllers pass on to the use cases. */
export interface HttpDeps extends SessionDeps {
  verifier: AccessTokenVerifier;
}

const bound = new WeakMap<object, HttpDeps>();

/** Binds each request to this service's parts: several services, or one twice, may share a process. */
export const bindDeps =
  (deps: HttpDeps): RequestHandler =>
  (request, _response, next) => {
    bound.set(request, deps);
    next();
  };

export const depsOf = (request: Request): HttpDeps => {
  const deps = bound.get(request);
  if (deps === undefined) throw new Error("the request did not come through this service's router");
  return deps;
};
