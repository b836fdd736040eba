import type { Request, RequestHandler } from 'express';
import { invalid, Refused } from '../../refused.js';

/** In characters of the URL as it was sent, with its query. */
const MAX_URL_LENGTH = 4_096;
const UP_TO_NUL = /^.*?%00/;

/** Some parsers read a repeated name, or a name with brackets, as an array and others as a string (I-03). */
const checkQuery = (request: Request): void => {
  for (const [name, value] of Object.entries(request.query)) {
    const field = /^[A-Za-z]\w{0,63}$/.test(name) ? name : 'query';
    if (Array.isArray(value)) throw invalid(field, 'must be given once');
    if (/[[\]]/.test(name)) throw invalid('query', 'must not have brackets in its names');
  }
};

/**
 * Refuses URLs that are out of bounds (I-01) or that two parsers could interpret differently (I-03). Must run after the
 * preflight of CORS, which has the URL of the request that follows it.
 */
export const checkUrl: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > MAX_URL_LENGTH) throw new Refused('uri-too-long');
  const [upToNul] = UP_TO_NUL.exec(request.originalUrl) ?? [];
  if (upToNul !== undefined) throw invalid(upToNul.includes('?') ? 'query' : 'path', 'must not contain NUL');
  checkQuery(request);
  next();
};
