import { ROUTES, type Route } from '@ums/contracts/routes';
import { contextOf } from '@ums/kit/http/requestContext';
import { type Request, Router } from 'express';
import type { RequestLimit } from './requestLimit.js';

/** Anonymous routes that hash or write; every GET only reads, except one that uses up a secret. */
const isLimited = ({ owner, access, method, checksSecret }: Route): boolean =>
  owner === 'command-api' && access === 'public' && (method !== 'get' || checksSecret === true);

export const LIMITED_ROUTES: readonly Route[] = ROUTES.filter(isLimited);

/** Counts a request against the limit of its source. @throws Refused `too-many-attempts` */
export const countRequest = (limit: RequestLimit, request: Request, path: string): Promise<void> =>
  limit.count(path, contextOf(request).source.bucket);

/**
 * Counts requests to anonymous routes before anything is validated, hashed or written, so the answer depends on the source
 * alone. Refusals are the same for every address.
 */
export const limitRequests = (limit: RequestLimit): Router => {
  const router = Router();
  for (const { method, path } of LIMITED_ROUTES)
    router[method](path, async (request, _response, next) => {
      await countRequest(limit, request, path);
      next();
    });
  return router;
};
