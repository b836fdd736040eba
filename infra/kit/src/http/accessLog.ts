import type { Request, RequestHandler } from 'express';
import type { Log } from '../log.js';
import { contextOf } from './requestContext.js';

/**
 * One line per answer: who, what, how it ended and why it was refused. The route is its template, never the URL: queries
 * carry tokens.
 */
export const accessLog =
  (log: Log, prefix: string): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    const context = contextOf(request);
    response.once('close', () => {
      const { requestId, correlationId, userId, refusal } = context;
      log.info('request', {
        requestId,
        correlationId,
        method: request.method,
        route: routeOf(request, prefix),
        status: response.statusCode,
        durationMs: Math.round((performance.now() - began) * 10) / 10,
        outcome: response.writableFinished ? 'answered' : 'cut off',
        ...(userId === undefined ? {} : { userId }),
        ...(refusal === undefined ? {} : { slug: refusal }),
      });
    });
    next();
  };

/** Not from `baseUrl`: by the time a refusal is answered, express has taken back where the router was mounted. */
const routeOf = ({ route, originalUrl }: Request, prefix: string): string => {
  if (route === undefined) return 'none';
  const mounted = originalUrl.toLowerCase().startsWith(prefix) ? prefix : '';
  return `${mounted}${route.path}`;
};
