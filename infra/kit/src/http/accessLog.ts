import type { RequestHandler } from 'express';
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
        route: request.route === undefined ? 'none' : `${request.baseUrl}${request.route.path}`,
        status: response.statusCode,
        durationMs: Math.round((performance.now() - began) * 10) / 10,
        outcome: response.writableFinished ? 'answered' : 'cut off',
        ...(principal === undefined ? {} : { userId: principal.userId }),
        ...(refusal === undefined ? {} : { slug: refusal }),
      });
    });
    next();
  };
