import { ROUTES, type Route } from '@ums/contracts/routes';
import { limitRoutes, type SourceBounds } from '@ums/identity/limits/limitRoutes';
import type { Router } from 'express';

/** Anonymous routes that hash or write; every GET only reads, except one that uses up a secret. */
const isLimited = ({ owner, access, method, checksSecret }: Route): boolean =>
  owner === 'command-api' && access === 'public' && (method !== 'get' || checksSecret === true);

export const LIMITED_ROUTES: readonly Route[] = ROUTES.filter(isLimited);

/** Limits the requests of a source to the anonymous routes. Refusals are the same for every address. */
export const limitRequests = (bounds: SourceBounds): Router => limitRoutes(bounds, LIMITED_ROUTES);
