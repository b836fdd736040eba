import { isUtf8 } from 'node:buffer';
import type { FieldError } from '@ums/contracts/http/problem';
import express, { type Request, type RequestHandler } from 'express';
import { Refused } from '../../refused.js';
import { hasRepeatedName } from '../request/hasRepeatedName.js';
import { askForBody } from './awaitedContinue.js';
import { findBodyFault } from './findBodyFault.js';
import { hasBody } from './hasBody.js';
import { withoutNulls } from './withoutNulls.js';

const MAX_BODY_BYTES = 64 * 1024;
/** The most that SNS sends. */
const MAX_NOTICE_BYTES = 256 * 1024;
const MAX_FORM_FIELDS = 20;

/** Decoding would silently replace invalid bytes, which would change a password. */
const requireUtf8 = (_request: unknown, _response: unknown, bytes: Buffer): void => {
  if (!isUtf8(bytes)) throw new Refused('body-unreadable', { errors: [{ field: 'body', message: 'must be UTF-8' }] });
};

/** The parser keeps a text with an escape that is not of UTF-8 as it was sent, `caf%E9`, which would change a password. */
const requireDecodable = (request: unknown, response: unknown, bytes: Buffer): void => {
  requireUtf8(request, response, bytes);
  try {
    decodeURIComponent(bytes.toString('utf8'));
  } catch {
    throw new Refused('body-unreadable', { errors: [{ field: 'body', message: 'must be percent-encoded UTF-8' }] });
  }
};

/** The JSON texts of requests while their bodies are parsed. */
const texts = new WeakMap<object, string>();

const verifyJson = (request: object, response: unknown, bytes: Buffer): void => {
  requireUtf8(request, response, bytes);
  texts.set(request, bytes.toString('utf8'));
};

/** The first fault of a parsed body, JSON or form. */
const faultOf = (request: Request): FieldError | undefined => {
  const text = texts.get(request);
  texts.delete(request);
  const fault = findBodyFault(request.body);
  if (fault !== undefined || text === undefined || !hasRepeatedName(text, request.body)) return fault;
  return { field: 'body', message: 'must not have a field twice' };
};

/** Some generated clients send this for a body that is left out. */
const isNull = (request: Request): boolean => texts.get(request)?.trim() === 'null';

const CHARSETS = /;\s*charset\s*=\s*("[^"]*"|[^\s;]*)/gi;
const UTF8 = /^"?utf-?8"?$/i;

/**
 * Removes the charset from Content-Type, because the parsers know UTF-8 under one of its names only and decode others.
 * @throws Refused `media-type-unsupported` for any charset other than UTF-8
 */
const requireCharsetUtf8 = (request: Request): void => {
  const type = request.get('content-type') ?? '';
  const charsets = [...type.matchAll(CHARSETS)].map(([, charset]) => charset ?? '');
  if (!charsets.every((charset) => UTF8.test(charset))) throw new Refused('media-type-unsupported');
  request.headers['content-type'] = type.replace(CHARSETS, '');
};

/** At once: the parsers would answer only after all of the body has arrived. */
const refuseTooLarge = (request: Request, maxBytes: number, refuse: (error: Refused) => void): void => {
  const refuseRest = (): void => {
    // It is paused when it was unpiped from a parser.
    request.resume();
    refuse(new Refused('body-too-large'));
  };
  const declared = request.headers['content-length'];
  if (declared !== undefined) {
    if (Number(declared) > maxBytes) refuseRest();
    return;
  }
  let received = 0;
  const count = (chunk: Buffer): void => {
    received += chunk.length;
    if (received <= maxBytes) return;
    request.off('data', count);
    refuseRest();
  };
  request.on('data', count);
};

const json = express.json({ limit: MAX_BODY_BYTES, inflate: false, verify: verifyJson });
const notice = express.json({ type: 'text/plain', limit: MAX_NOTICE_BYTES, inflate: false, verify: verifyJson });
const form = express.urlencoded({
  limit: MAX_BODY_BYTES,
  inflate: false,
  extended: false,
  parameterLimit: MAX_FORM_FIELDS,
  verify: requireDecodable,
});

/** The parser of a request's body; `undefined` if the path takes no body of this type. */
const parserOf = (
  request: Request,
  path: string,
  { acceptsForm, acceptsNotice }: Record<'acceptsForm' | 'acceptsNotice', ReadonlySet<string>>,
): RequestHandler | undefined => {
  if (request.is('application/json')) return json;
  if (acceptsForm.has(path) && request.is('application/x-www-form-urlencoded')) return form;
  return acceptsNotice.has(path) && request.is('text/plain') ? notice : undefined;
};

/**
 * Reads JSON bodies of at most 64 KiB (I-01), and forms and notices on the given paths only; a body of any other type is 415. Leaves
 * multipart/form-data of the given operations to their router: not every client of them may send a file. The JSON text `null` is no body,
 * and a field of a JSON body that is `null` is not sent.
 * Bodies with text that cannot be stored, nested deeper than 20, or with a field given twice (I-03) are `validation-failed`.
 */
export const bodyParser = (
  formPaths: readonly string[],
  fileOperations: readonly string[] = [],
  noticePaths: readonly string[] = [],
): RequestHandler => {
  const accepted = { acceptsForm: new Set(formPaths), acceptsNotice: new Set(noticePaths) };
  const acceptsFile = new Set(fileOperations);
  return (request, response, next) => {
    if (!hasBody(request)) return next();
    const path = request.path.toLowerCase().replace(/\/$/, '');
    // It has no charset (decision 72): each part names its own. Apache HttpClient says ISO-8859-1 there, with parts in UTF-8.
    if (acceptsFile.has(`${request.method} ${path}`) && request.is('multipart/form-data')) return next();
    const parser = parserOf(request, path, accepted);
    if (parser === undefined) throw new Refused('media-type-unsupported');
    requireCharsetUtf8(request);
    let isAnswered = false;
    const answer = (error?: unknown): void => {
      if (!isAnswered) next(error);
      isAnswered = true;
    };
    refuseTooLarge(request, parser === notice ? MAX_NOTICE_BYTES : MAX_BODY_BYTES, answer);
    if (isAnswered) return;
    askForBody(request);
    parser(request, response, (failure?: unknown) => {
      const error = isNull(request) ? undefined : failure;
      const fault = error === undefined ? faultOf(request) : undefined;
      if (parser === json) request.body = withoutNulls(request.body);
      answer(fault === undefined ? error : new Refused('validation-failed', { errors: [fault] }));
    });
  };
};
