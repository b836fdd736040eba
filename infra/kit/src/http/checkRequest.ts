import type { Request, RequestHandler } from 'express';
import { Refused } from '../refused.js';

const MAX_URL_LENGTH = 4_096;
const UP_TO_NUL = /^.*?%00/;
/** The only expectation that HTTP defines (RFC 9110 §10.1.1). */
const CONTINUE = '100-continue';

/** Node silently drops or joins repeated headers, so a proxy and this process could act on different values. */
const SINGLE_HEADERS = ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key', 'X-Correlation-Id'];

/** The first of these headers that was sent more than once. */
const repeatedHeader = ({ rawHeaders }: Request, singleHeaders: readonly string[]): string | undefined => {
  const names = rawHeaders.filter((_value, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return singleHeaders.find((header) => names.filter((name) => name === header.toLowerCase()).length > 1);
};

const invalid = (field: string, message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field, message }] });

/** Some parsers read a repeated name, or a name with brackets, as an array and others as a string (I-03). */
const checkQuery = (request: Request): void => {
  for (const [name, value] of Object.entries(request.query)) {
    const field = /^[A-Za-z]\w{0,63}$/.test(name) ? name : 'query';
    if (Array.isArray(value)) throw invalid(field, 'must be given once');
    if (/[[\]]/.test(name)) throw invalid('query', 'must not have brackets in its names');
  }
};

/**
 * Refuses requests that are out of bounds (I-01) or that two parsers could interpret differently (I-03).
 * @param apiHeaders headers of the API itself that must not be repeated
 */
export const checkRequest = (apiHeaders: readonly string[]): RequestHandler => {
  const singleHeaders = [...SINGLE_HEADERS, ...apiHeaders];
  return (request, _response, next) => {
    if (request.originalUrl.length > MAX_URL_LENGTH) throw new Refused('uri-too-long');
    const [upToNul] = UP_TO_NUL.exec(request.originalUrl) ?? [];
    if (upToNul !== undefined) throw invalid(upToNul.includes('?') ? 'query' : 'path', 'must not contain NUL');
    if (request.httpVersion === '1.1' && request.headers.host === undefined) throw invalid('Host', 'is missing');
    const expectation = request.get('expect')?.toLowerCase() ?? CONTINUE;
    if (expectation !== CONTINUE) throw new Refused('expectation-failed');
    const repeated = repeatedHeader(request, singleHeaders);
    if (repeated === 'Authorization') throw new Refused('unauthenticated');
    if (repeated !== undefined) throw invalid(repeated, 'must be given once');
    checkQuery(request);
    next();
  };
};
