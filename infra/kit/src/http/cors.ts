import type { RequestHandler } from 'express';

const METHODS = 'GET, HEAD, POST, PUT, DELETE';
const REQUEST_HEADERS = ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key', 'X-Correlation-Id'];
const ANSWER_HEADERS = ['ETag', 'Retry-After', 'X-Request-Id', 'X-Correlation-Id'];
const PREFLIGHT_SECONDS = '600';

/** Answers the origins on the list, by exact comparison; an unknown origin is never reflected. No cookies, so no credentials. */
export const cors = (origins: readonly string[], apiHeaders: readonly string[]): RequestHandler => {
  const allowed = new Set(origins);
  const requestHeaders = [...REQUEST_HEADERS, ...apiHeaders].join(', ');
  const answerHeaders = [...ANSWER_HEADERS, ...apiHeaders].join(', ');
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.get('origin');
    if (origin === undefined || !allowed.has(origin)) return next();
    response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': answerHeaders });
    if (request.method !== 'OPTIONS' || request.get('access-control-request-method') === undefined) return next();
    response
      .set({
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': requestHeaders,
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      })
      .status(204)
      .end();
  };
};
