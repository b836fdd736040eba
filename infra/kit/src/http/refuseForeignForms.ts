import type { RequestHandler } from 'express';
import { Refused } from '../refused.js';

/** Bodies that browsers send to another origin without a preflight (Fetch standard, CORS-safelisted request-header). */
const SENT_UNASKED = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
const FOREIGN: readonly (string | undefined)[] = ['cross-site', 'same-site'];

/**
 * Refuses forms that a browser sends from a page of another origin, unless CORS allows that origin. No answer could be read there,
 * but each form would be counted for the source of the visitor, who would be locked out. Browsers say where the page is from to
 * HTTPS and loopback only (`Sec-Fetch-Site`, W3C Fetch Metadata). `Origin` does not tell: the pages behind mailed links send `null`.
 */
export const refuseForeignForms = (origins: readonly string[]): RequestHandler => {
  const allowed = new Set(origins);
  return (request, _response, next) => {
    const isForeign = FOREIGN.includes(request.get('sec-fetch-site')) && !allowed.has(request.get('origin') ?? '');
    if (isForeign && request.is(SENT_UNASKED)) throw new Refused('origin-not-allowed');
    next();
  };
};
