import { API_PREFIX } from '@ums/contracts/routes';
import type { Request, RequestHandler } from 'express';
import type { Log } from '../log.js';
import { contextOf } from './requestContext.js';

/**
 * One line per answer: who, what, how it ended and why it was refused. The route is its template, never the URL: queries
 * carry tokens.
 */
export const accessLog =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    const context = contextOf(request);
    response.once('close', () => {
      const { requestId, correlationId, principal, refusal } = context;
      log.info('request', {
        requestId,
        correlationId,
        method: request.method,
        route: routeOf(request),
        status: response.statusCode,
        durationMs: Math.round((performance.now() - began) * 10) / 10,
        outcome: response.writableFinished ? 'answered' : 'cut off',
        ...(principal === undefined ? {} : { userId: principal.userId }),
        ...(refusal === undefined ? {} : { slug: refusal }),
      });
    });
    next();
  };

/** Not from `baseUrl`: by the time a refusal is answered, express has taken back where the router was mounted. */
const routeOf = ({ route, originalUrl }: Request): string => {
  if (route === undefined) return 'none';
  const mounted = originalUrl.toLowerCase().startsWith(API_PREFIX) ? API_PREFIX : '';
  return `${mounted}${route.path}`;
};
