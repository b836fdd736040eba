import type { Route } from '@ums/contracts/routes';
import { bearerToken } from '@ums/kit/http/request/bearerToken';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { RequestPlaces } from '@ums/kit/http/requestPlaces';
import { type Request, Router } from 'express';
import type { RequestLimit } from './requestLimit.js';

export interface SourceBounds {
  /** In a minute. */
  requestLimit: RequestLimit;
  /** Under way at once. */
  sourcePlaces: RequestPlaces;
}

/**
 * Takes a place of the source of a request, and counts the request against the limit of the source.
 * @throws Refused `too-many-requests` or `too-many-attempts`
 */
export const admit = async (
  { requestLimit, sourcePlaces }: SourceBounds,
  request: Request,
  path: string,
): Promise<void> => {
  const { bucket } = contextOf(request).source;
  await sourcePlaces.enter(request, `${path}\0${bucket}`);
  await requestLimit.count(path, bucket);
};

/**
 * Any page can make the browsers of its visitors send a GET, which would use up the limit of their address, but none with a token. A GET
 * that checks a secret does nothing without one.
 */
const isWithoutSecret = ({ method, checksSecret }: Route, request: Request): boolean =>
  method === 'get' && checksSecret === true && bearerToken(request.get('authorization')) === undefined;

/**
 * Admits requests to these routes before anything is validated, hashed, read or written, so the answer depends on the source
 * alone. A GET without the secret that it checks is not counted; its controller refuses it.
 */
export const limitRoutes = (bounds: SourceBounds, routes: readonly Route[]): Router => {
  const router = Router();
  for (const route of routes) {
    const { method, path } = route;
    router[method](path.replace(/\{(\w+)\}/g, ':$1'), async (request, _response, next) => {
      if (!isWithoutSecret(route, request)) await admit(bounds, request, path);
      next();
    });
  }
  return router;
};
