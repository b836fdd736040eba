import type { Request, RequestHandler } from 'express';
import { Refused } from '../refused.js';

const LONGEST_URL = 4_096;

/** Two of these, and we and a proxy may each believe another one. Node keeps the first and drops the rest silently. */
const ONCE = new Set(['content-type', 'if-match', 'idempotency-key', 'x-consistency-token', 'x-correlation-id']);

const timesOf = (request: Request, wanted: (name: string) => boolean): string[] =>
  request.rawHeaders
    .filter((_value, index) => index % 2 === 0)
    .map((name) => name.toLowerCase())
    .filter(wanted);

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

/** Refuses requests that two readers could read differently, before any route sees them (I-01, I-03). */
export const requestForm: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > LONGEST_URL) throw new Refused('uri-too-long');
  if (/%00/.test(request.originalUrl)) throw invalid('query', 'must not contain NUL');
  if (timesOf(request, (name) => name === 'authorization').length > 1) throw new Refused('unauthenticated');
  const singles = timesOf(request, (name) => ONCE.has(name));
  const twice = singles.find((name, index) => singles.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(twice, 'must be given once');
  checkQuery(request);
  next();
};
