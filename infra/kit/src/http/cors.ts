import type { Request, RequestHandler } from 'express';
import type { HostedApi } from './request/routeTable.js';

/** PATCH too, which no path supports: scripts read why it is refused. */
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const PUBLIC_METHODS = 'GET, HEAD';
const REQUEST_HEADERS = ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key', 'X-Correlation-Id'];
/** Requests with these are refused; scripts may send them, to read why. */
const REFUSED_HEADERS = ['Content-Encoding', 'If-None-Match'];
const RESPONSE_HEADERS = [
  'Content-Disposition',
  'ETag',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
  'X-Correlation-Id',
];
const PREFLIGHT_SECONDS = '600';
/** Documents without personal data or secrets, which every origin may read. */
const PUBLIC_DOCUMENTS = /^\/(?:(?:open|async)api\.json|\.well-known\/(?:jwks\.json|notary-keys))\/?$/i;

export interface Cors {
  /** Must run before anything that refuses a request, because scripts cannot read an answer without these headers. */
  headers: RequestHandler;
  /**
   * Answers preflight requests of allowed origins. Must run before anything that refuses the request that follows, because a
   * browser does not send that request unless the preflight succeeds, and then no script can read the refusal.
   */
  preflight: RequestHandler;
}

/**
 * CORS for the listed origins, compared exactly; no other origin is reflected. Every origin may read the public documents.
 * There are no cookies, so credentials are not allowed.
 */
export const cors = (
  origins: readonly string[],
  { headers: apiHeaders, answerHeaders = [] }: Pick<HostedApi, 'headers' | 'answerHeaders'>,
): Cors => {
  const allowed = new Set(origins);
  const requestHeaders = [...REQUEST_HEADERS, ...REFUSED_HEADERS, ...apiHeaders].join(', ');
  const responseHeaders = [...RESPONSE_HEADERS, ...apiHeaders, ...answerHeaders].join(', ');
  const isPublic = (request: Request): boolean => PUBLIC_DOCUMENTS.test(request.path);
  const allowedOrigin = (request: Request): string | undefined => {
    if (isPublic(request)) return '*';
    const origin = request.get('origin');
    return origin !== undefined && allowed.has(origin) ? origin : undefined;
  };
  return {
    headers: (request, response, next) => {
      const origin = allowedOrigin(request);
      if (origin !== '*') response.vary('Origin');
      if (origin !== undefined)
        response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': responseHeaders });
      next();
    },
    preflight: (request, response, next) => {
      const isPreflight = request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined;
      if (!isPreflight || allowedOrigin(request) === undefined) return next();
      response
        .set({
          'Access-Control-Allow-Methods': isPublic(request) ? PUBLIC_METHODS : METHODS,
          'Access-Control-Allow-Headers': requestHeaders,
          'Access-Control-Max-Age': PREFLIGHT_SECONDS,
        })
        .status(204)
        .end();
    },
  };
};
