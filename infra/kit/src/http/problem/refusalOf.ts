import type { FieldError } from '@ums/contracts/http/problem';
import { DependencyUnavailable } from '../../dependencyUnavailable.js';
import { LogUnavailable } from '../../event-log/eventLog.js';
import { isDown } from '../../postgres/errors.js';
import { Refused } from '../../refused.js';
import { validationFaults } from './validationFaults.js';

/** By the `type` of an error of the body parser; any other type is `body-unreadable`. */
const PARSER_SLUGS: Readonly<Record<string, string>> = {
  'entity.too.large': 'body-too-large',
  'parameters.too.many': 'body-too-large',
  'charset.unsupported': 'media-type-unsupported',
};

const NOT_AN_OBJECT: FieldError = { field: 'body', message: 'must be a JSON object' };

/** Tells the client that the content coding of its request was refused, not the media type (RFC 9110 §15.5.16). */
export const UNCOMPRESSED = { 'Accept-Encoding': 'identity' };

/** The refusal for an error of the router or body parser, which have a `status`. */
const parserRefusal = (error: unknown): Refused | undefined => {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (error instanceof URIError) return new Refused('not-found');
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  if (type === undefined) return undefined;
  if (type === 'encoding.unsupported') return new Refused('media-type-unsupported', { headers: UNCOMPRESSED });
  const slug = PARSER_SLUGS[type];
  return slug === undefined ? new Refused('body-unreadable', { errors: [NOT_AN_OBJECT] }) : new Refused(slug);
};

/** Slug of the refusal of a request whose dependency does not answer (503). */
export const DEPENDENCY_DOWN = 'dependency-unavailable';

const isDependencyDown = (error: unknown): boolean =>
  error instanceof LogUnavailable || error instanceof DependencyUnavailable || isDown(error);

/** How an error is refused to the client; `undefined` for an unknown error, which becomes `internal-error`. */
export const refusalOf = (error: unknown): Refused | undefined => {
  if (error instanceof Refused) return error;
  const errors = validationFaults(error);
  if (errors !== undefined) return new Refused('validation-failed', { errors });
  // The parser first: a client that disconnects while sending its body fails with the same code as a lost dependency.
  return parserRefusal(error) ?? (isDependencyDown(error) ? new Refused(DEPENDENCY_DOWN) : undefined);
};
