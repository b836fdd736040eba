import type { Request, RequestHandler } from 'express';
import { Refused } from '../refused.js';
import { bearerToken } from './request/bearerToken.js';

/**
 * The content types that browsers send to another origin without a preflight (Fetch standard, CORS-safelisted request-header), with any
 * parameters, well-formed or not. A request without a body may have one.
 */
const SENT_UNASKED = /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(?:;|$)/i;
const FOREIGN: readonly (string | undefined)[] = ['cross-site', 'same-site'];
/** Reads only, or needs a header that a page of another origin cannot send. */
const HARMLESS = ['GET', 'HEAD'];

/** Whether a browser sends such a request to another origin without a preflight. It may add credentials of other schemes by itself. */
const isSentUnasked = (request: Request): boolean => {
  const type = request.get('content-type');
  return type === undefined ? bearerToken(request.get('authorization')) === undefined : SENT_UNASKED.test(type);
};

/**
 * Refuses what a browser sends unasked from a page of another origin, unless CORS allows that origin: forms, and requests without a
 * body. No answer could be read there, but each request would be counted for the source of the visitor, who would be locked out.
 * Browsers say where the page is from to HTTPS and loopback only (`Sec-Fetch-Site`, W3C Fetch Metadata). `Origin` does not tell: the
 * pages behind mailed links send `null`.
 */
export const refuseForeignPages = (origins: readonly string[]): RequestHandler => {
  const allowed = new Set(origins);
  return (request, _response, next) => {
    const isForeign = FOREIGN.includes(request.get('sec-fetch-site')) && !allowed.has(request.get('origin') ?? '');
    if (isForeign && !HARMLESS.includes(request.method) && isSentUnasked(request))
      throw new Refused('origin-not-allowed');
    next();
  };
};
