import type { RequestHandler } from 'express';

const METHODS = 'GET, HEAD, POST, PUT, DELETE';
const REQUEST_HEADERS = ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key', 'X-Correlation-Id'];
const RESPONSE_HEADERS = ['ETag', 'Retry-After', 'X-Request-Id', 'X-Correlation-Id'];
const PREFLIGHT_SECONDS = '600';

/** CORS for the listed origins, compared exactly; no other origin is reflected. There are no cookies, so credentials are not allowed. */
export const cors = (origins: readonly string[], apiHeaders: readonly string[]): RequestHandler => {
  const allowed = new Set(origins);
  const requestHeaders = [...REQUEST_HEADERS, ...apiHeaders].join(', ');
  const responseHeaders = [...RESPONSE_HEADERS, ...apiHeaders].join(', ');
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.get('origin');
    if (origin === undefined || !allowed.has(origin)) return next();
    response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': responseHeaders });
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
