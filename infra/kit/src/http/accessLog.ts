import type { Request, RequestHandler } from 'express';
import type { Log } from '../log.js';
import { contextOf } from './request/requestContext.js';
import { requestDurations } from './requestDurations.js';

/** Status in the metrics of a request whose connection ended before there was a response. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Logs one line per response: ids, method, route, status, duration and, when refused, the slug. The route is its template,
 * never the URL, because queries carry tokens. Observes the duration for the metrics too.
 */
export const accessLog = (log: Log, prefix: string): RequestHandler => {
  const observe = requestDurations();
  const routeOf = routeTemplates(prefix);
  return (request, response, next) => {
    const startedAt = performance.now();
    const context = contextOf(request);
    response.once('close', () => {
      const { requestId, correlationId, userId, refusal } = context;
      const elapsedMs = performance.now() - startedAt;
      const route = routeOf(request);
      const { method } = request;
      // Node takes it for one that was sent.
      const isTooLate = response.writableFinished && request.errored !== null;
      const isAnswered = response.headersSent && !isTooLate;
      observe(route, method, isAnswered ? response.statusCode : CLIENT_CLOSED_REQUEST, elapsedMs / 1_000);
      log.info('request', {
        requestId,
        correlationId,
        method,
        route,
        status: response.statusCode,
        durationMs: Math.round(elapsedMs * 10) / 10,
        outcome: response.writableFinished && !isTooLate ? 'completed' : 'aborted',
        ...(userId === undefined ? {} : { userId }),
        ...(refusal === undefined ? {} : { slug: refusal }),
      });
    });
    next();
  };
};

/** The template of the route of a request: `none` when no route matched. */
const routeTemplates = (prefix: string): ((request: Request) => string) => {
  const known = new Map<object, string>();
  return ({ route, originalUrl }) => {
    if (route === undefined) return 'none';
    const found = known.get(route);
    if (found !== undefined) return found;
    // `baseUrl` does not work here: express has already reset it when an error is answered.
    const template = `${originalUrl.toLowerCase().startsWith(prefix) ? prefix : ''}${route.path}`;
    known.set(route, template);
    return template;
  };
};
