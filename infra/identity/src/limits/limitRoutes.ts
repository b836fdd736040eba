import type { Route } from '@ums/contracts/routes';
import { contextOf } from '@ums/kit/http/requestContext';
import { type Request, Router } from 'express';
import type { RequestLimit } from './requestLimit.js';

/** Counts a request against the limit of its source. @throws Refused `too-many-attempts` */
export const countRequest = (limit: RequestLimit, request: Request, path: string): Promise<void> =>
  limit.count(path, contextOf(request).source.bucket);

/**
 * Counts requests to these routes before anything is validated, hashed, read or written, so the answer depends on the source
 * alone.
 */
export const limitRoutes = (limit: RequestLimit, routes: readonly Route[]): Router => {
  const router = Router();
  for (const { method, path } of routes)
    router[method](path.replace(/\{(\w+)\}/g, ':$1'), async (request, _response, next) => {
      await countRequest(limit, request, path);
      next();
    });
  return router;
};
