import type { RequestHandler } from 'express';
import type { Log } from '../log.js';
import { contextOf } from './requestContext.js';

/** One line per answer: the route's template, never the URL (queries carry tokens). */
export const accessLog =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    const { requestId, correlationId } = contextOf(request);
    response.once('close', () => {
      const route = request.route === undefined ? 'none' : `${request.baseUrl}${request.route.path}`;
      const durationMs = Math.round((performance.now() - began) * 10) / 10;
      const { statusCode: status, writableFinished } = response;
      const outcome = writableFinished ? 'answered' : 'cut off';
      log.info('request', { requestId, correlationId, method: request.method, route, status, durationMs, outcome });
    });
    next();
  };
