import type { Request, RequestHandler } from 'express';
import type { Log } from '../log.js';
import { contextOf } from './requestContext.js';

/**
 * Logs one line per response: ids, method, route, status, duration and, when refused, the slug. The route is its template,
 * never the URL, because queries carry tokens.
 */
export const accessLog =
  (log: Log, prefix: string): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    const context = contextOf(request);
    response.once('close', () => {
      const { requestId, correlationId, userId, refusal } = context;
      log.info('request', {
        requestId,
        correlationId,
        method: request.method,
        route: routeOf(request, prefix),
        status: response.statusCode,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        outcome: response.writableFinished ? 'completed' : 'aborted',
        ...(userId === undefined ? {} : { userId }),
        ...(refusal === undefined ? {} : { slug: refusal }),
      });
    });
    next();
  };

/** `baseUrl` does not work here: express has already reset it when an error is answered. */
const routeOf = ({ route, originalUrl }: Request, prefix: string): string => {
  if (route === undefined) return 'none';
  const mountedAt = originalUrl.toLowerCase().startsWith(prefix) ? prefix : '';
  return `${mountedAt}${route.path}`;
};
