import { parse } from 'node:querystring';
import S3Error from '@20minutes/s3rver/lib/models/error.js';
import type { Request, RequestHandler } from 'express';

type Refusal = readonly [code: string, message: string];

/** The operations that are supported, with the parameters of each. Only links to read an object are signed in their URL. */
const OPERATIONS = [
  {
    methods: ['GET', 'HEAD'],
    of: 'object',
    allowed: /^(x-id|X-Amz-.+|response-(content-(type|disposition)|cache-control))$/,
  },
  { methods: ['PUT', 'DELETE'], of: 'object', allowed: /^x-id$/ },
  { methods: ['GET'], of: 'bucket', allowed: /^(x-id|prefix|marker|max-keys)$/ },
  { methods: ['POST'], of: 'bucket', allowed: /^(x-id|delete)$/ },
] as const;
/** Would be ignored, or stored as part of the content. */
const UNSUPPORTED_HEADERS = ['if-match', 'if-none-match', 'x-amz-copy-source', 'x-amz-trailer', 'x-amz-tagging'];
/** A link carries its permission itself, and no cookie, so that scripts of every origin may read what it shows. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};
/** A list of 1,000 keys to delete. */
const MAX_LIST_BYTES = 2 ** 20;

/**
 * Passes on the requests for a bucket that the library handles correctly. Refuses those it would answer without a signature,
 * accept but ignore in part, or fail at.
 */
export const restrictRequests =
  (bucket: string): RequestHandler =>
  (request, response, next) => {
    response.set(HEADERS);
    const refusal = refusalOf(request, bucket);
    if (refusal === undefined) return next();
    const error = new S3Error(...refusal);
    response.status(error.status).type('application/xml').send(error.toXML());
  };

const refusalOf = ({ method, url, headers }: Request, bucket: string): Refusal | undefined => {
  // As the library reads them: `URL` would resolve `..` in the path, and decode parameters in another way.
  const [path = '', query] = url.split('?');
  const parameters = parse(query ?? '');
  const [, name, ...key] = path.split('/');
  // By these, the library decides whether it checks a signature.
  const isSigned = headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') || 'X-Amz-Algorithm' in parameters;
  if (!isSigned) return ['AccessDenied', 'The request is not signed.'];
  if (name !== bucket) return ['NoSuchBucket', 'The specified bucket does not exist.'];
  const target = key.join('/') === '' ? 'bucket' : 'object';
  const isSupported = OPERATIONS.some(
    ({ methods, of, allowed }) =>
      of === target &&
      methods.some((each) => each === method) &&
      Object.keys(parameters).every((each) => allowed.test(each)),
  );
  // The library fails at the list that it gets.
  if (Object.values(parameters).some((value) => Array.isArray(value)))
    return ['InvalidArgument', 'A parameter is given twice.'];
  if (!isSupported || (method === 'POST' && !('delete' in parameters)))
    return ['NotImplemented', 'This operation is not supported.'];
  return method === 'PUT' || method === 'POST' ? bodyRefusal(method, headers) : undefined;
};

const bodyRefusal = (method: 'PUT' | 'POST', headers: Request['headers']): Refusal | undefined => {
  const unsupported = UNSUPPORTED_HEADERS.some((name) => method === 'PUT' && headers[name] !== undefined);
  if (unsupported) return ['NotImplemented', 'A header implies an operation that is not supported.'];
  const length = headers['content-length'];
  if (length === undefined) return ['MissingContentLength', 'You must provide the Content-Length HTTP header.'];
  return method === 'POST' && Number(length) > MAX_LIST_BYTES
    ? ['MaxMessageLengthExceeded', 'The request is too long.']
    : undefined;
};
