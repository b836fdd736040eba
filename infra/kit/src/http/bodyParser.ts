import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { Refused } from '../refused.js';
import { faultOfBody } from './bodyFaults.js';

export const BODY_LIMIT_BYTES = 64 * 1024;
const MOST_FORM_FIELDS = 20;

const hasBody = (request: Request): boolean =>
  request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;

/** Other bytes would be replaced silently, and a password be another one than was sent. */
const onlyUtf8 = (_request: unknown, _response: unknown, bytes: Buffer): void => {
  if (!isUtf8(bytes)) throw new Refused('body-unreadable', { errors: [{ field: 'body', message: 'must be UTF-8' }] });
};

const json = express.json({ limit: BODY_LIMIT_BYTES, inflate: false, verify: onlyUtf8 });
const form = express.urlencoded({
  limit: BODY_LIMIT_BYTES,
  inflate: false,
  extended: false,
  parameterLimit: MOST_FORM_FIELDS,
  verify: onlyUtf8,
});

/**
 * Reads JSON bodies of at most 64 kB (I-01), forms only on the paths named; any other type with a body is 415.
 * Text that Postgres or UTF-8 cannot hold and nesting beyond 20 are faults of validation.
 */
export const bodyParser = (formPaths: readonly string[]): RequestHandler => {
  const takesForm = new Set(formPaths);
  return (request, response, next) => {
    if (!hasBody(request)) return next();
    const parser = request.is('application/json')
      ? json
      : takesForm.has(request.path.toLowerCase()) && request.is('application/x-www-form-urlencoded')
        ? form
        : undefined;
    if (parser === undefined) throw new Refused('media-type-unsupported');
    parser(request, response, (error?: unknown) => {
      const fault = error === undefined ? faultOfBody(request.body) : undefined;
      next(fault === undefined ? error : new Refused('validation-failed', { errors: [fault] }));
    });
  };
};
