import type { Request, RequestHandler } from 'express';
import { Refused } from '../refused.js';

const LONGEST_URL = 4_096;
const NUL = /^.*?%00/;
/** The one expectation there is (RFC 9110 §10.1.1). */
const CONTINUE = '100-continue';

/** Two of these, and we and a proxy may each believe another one: Node drops or joins the rest silently. */
const ONCE = ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key', 'X-Correlation-Id'];

/** The first header of {@link ONCE} that was sent twice, as the documents spell it. */
const repeatedHeader = ({ rawHeaders }: Request, once: readonly string[]): string | undefined => {
  const names = rawHeaders.filter((_value, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return once.find((header) => names.filter((name) => name === header.toLowerCase()).length > 1);
};

const invalid = (field: string, message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field, message }] });

/** A name twice or with brackets is an array to some parsers and a string to others (I-03). */
const checkQuery = (request: Request): void => {
  for (const [name, value] of Object.entries(request.query)) {
    const field = /^[A-Za-z]\w{0,63}$/.test(name) ? name : 'query';
    if (Array.isArray(value)) throw invalid(field, 'must be given once');
    if (/[[\]]/.test(name)) throw invalid('query', 'must not have brackets in its names');
  }
};

/**
 * Refuses requests that two readers could read differently, before any route sees them (I-01, I-03).
 * @param apiHeaders headers of the API's own that must not be repeated.
 */
export const requestForm = (apiHeaders: readonly string[]): RequestHandler => {
  const once = [...ONCE, ...apiHeaders];
  return (request, _response, next) => {
    if (request.originalUrl.length > LONGEST_URL) throw new Refused('uri-too-long');
    const [nul] = NUL.exec(request.originalUrl) ?? [];
    if (nul !== undefined) throw invalid(nul.includes('?') ? 'query' : 'path', 'must not contain NUL');
    if (request.httpVersion === '1.1' && request.headers.host === undefined) throw invalid('Host', 'is missing');
    const expected = request.get('expect')?.toLowerCase() ?? CONTINUE;
    if (expected !== CONTINUE) throw new Refused('expectation-failed');
    const repeated = repeatedHeader(request, once);
    if (repeated === 'Authorization') throw new Refused('unauthenticated');
    if (repeated !== undefined) throw invalid(repeated, 'must be given once');
    checkQuery(request);
    next();
  };
};
