import type { Problem } from '@ums/contracts/http/problem';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { LogUnavailable } from '../event-log/eventLog.js';
import type { Log } from '../log.js';
import { isDown } from '../postgres/errors.js';
import { type RefusalDetails, Refused } from '../refused.js';
import { contextOf } from './requestContext.js';
import { unreadable } from './unreadable.js';
import { validationFaults } from './validationFaults.js';

/** Slug to status and title: all a caller learns of a rule that said no. */
export type Problems = Readonly<Record<string, readonly [status: number, title: string]>>;

/** What the host and kit answer; a service adds its own rules. */
export const BASE_PROBLEMS = {
  'validation-failed': [400, 'The request is not valid'],
  'body-unreadable': [400, 'The body cannot be read'],
  'request-unreadable': [400, 'The request cannot be read'],
  unauthenticated: [401, 'A valid access token is needed'],
  forbidden: [403, 'Not allowed'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'This method is not served here'],
  'request-timeout': [408, 'The request took too long to arrive'],
  'body-too-large': [413, 'The body is too large'],
  'uri-too-long': [414, 'The address of the request is too long'],
  'media-type-unsupported': [415, 'The body must be JSON in UTF-8'],
  'expectation-failed': [417, 'What the Expect header asks for is not served here'],
  'headers-too-large': [431, 'The headers are too large'],
  'internal-error': [500, 'Something went wrong on our side'],
  busy: [503, 'Too busy; try again shortly'],
  'dependency-unavailable': [503, 'A part of the service is down; try again shortly'],
  'not-yet-visible': [503, 'The state asked for is not visible yet; try again shortly'],
} as const satisfies Problems;

export interface ProblemOptions {
  /** BASE_PROBLEMS and the service's own. */
  problems: Problems;
  publicUrl: string;
  log: Log;
}

const RETRY_SECONDS = 1;
const DEPENDENCY_DOWN = 'dependency-unavailable';

const isDependencyDown = (error: unknown): boolean =>
  error instanceof LogUnavailable || error instanceof DependencyUnavailable || isDown(error);

/** What an error is to the caller; `undefined` when it is none of theirs to know. */
const refusalOf = (error: unknown): Refused | undefined => {
  if (error instanceof Refused) return error;
  const errors = validationFaults(error);
  if (errors !== undefined) return new Refused('validation-failed', { errors });
  // Before the test for dependencies: a caller that hangs up in its body looks like a lost connection of ours.
  return unreadable(error) ?? (isDependencyDown(error) ? new Refused(DEPENDENCY_DOWN) : undefined);
};

/**
 * What a request is refused with, noted: its slug for the line of the request, and a dependency that is down in the log.
 * For whoever answers by a page; `undefined` is the problem handler's.
 */
export const notedRefusal = (error: unknown, request: Request, log: Log): Refused | undefined => {
  const refusal = refusalOf(error);
  if (refusal === undefined) return undefined;
  const context = contextOf(request);
  const { requestId, correlationId } = context;
  context.refusal = refusal.slug;
  if (refusal.slug === DEPENDENCY_DOWN && error !== refusal)
    log.warn('dependency unavailable', { requestId, correlationId, error });
  return refusal;
};

/** `Retry-After` of an answer, where it has one. */
export const retryAfter = (status: number, { retryAfterSeconds }: RefusalDetails): string | undefined => {
  const seconds = retryAfterSeconds ?? (status === 503 ? RETRY_SECONDS : undefined);
  return seconds === undefined ? undefined : String(Math.max(1, Math.ceil(seconds)));
};

/**
 * The one place that turns errors into answers (H-04): problem+json with the request's id and no text of the error. Unknown
 * errors are logged here, once.
 */
export const problemHandler =
  ({ problems, publicUrl, log }: ProblemOptions): ErrorRequestHandler =>
  (error: unknown, request: Request, response: Response, _next) => {
    const context = contextOf(request);
    const { requestId, correlationId } = context;
    const refusal = notedRefusal(error, request, log);
    const known = refusal !== undefined && Object.hasOwn(problems, refusal.slug);
    const { slug, details } = known ? refusal : new Refused('internal-error');
    context.refusal = slug;
    if (!known) log.error('request failed', { requestId, correlationId, method: request.method, error });
    // Half an answer cannot be taken back; cut, so that the caller does not mistake it for a whole one.
    if (response.headersSent) return void response.destroy();

    const [status, title] = problems[slug] ?? BASE_PROBLEMS['internal-error'];
    const retry = retryAfter(status, details);
    if (details.headers !== undefined) response.set(details.headers);
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    if (retry !== undefined) response.set('Retry-After', retry);

    const problem: Problem = { type: `${publicUrl}/problems/${slug}`, title, status, requestId };
    if (details.errors !== undefined) problem.errors = [...details.errors];
    response.status(status).type('application/problem+json').send(JSON.stringify(problem));
  };
