import type { AccessTokenVerifier } from '@ums/kit/access-token/verify';
import type { Request, RequestHandler } from 'express';
import type { CheckpointWatch } from '../consistency/checkpointWatch.js';
import type { Query } from '../query.js';
import type { Revocations } from '../session/revocations.js';

/** What the routes need of the service they belong to. */
export interface QueryDeps {
  read: Query;
  vault: Query;
  watch: CheckpointWatch;
  verifier: AccessTokenVerifier;
  revocations: Pick<Revocations, 'isRevoked'>;
}

const byRequest = new WeakMap<Request, QueryDeps>();

/** Generated routes are modules without parameters: the service travels with the request. */
export const provideDeps =
  (deps: QueryDeps): RequestHandler =>
  (request, _response, next) => {
    byRequest.set(request, deps);
    next();
  };

export const depsOf = (request: Request): QueryDeps => {
  const deps = byRequest.get(request);
  if (deps === undefined) throw new Error('the request did not come through the query API');
  return deps;
};
