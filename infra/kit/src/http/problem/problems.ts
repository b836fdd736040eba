import type { Problem } from '@ums/contracts/http/problem';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Log } from '../../log.js';
import { type RefusalDetails, Refused } from '../../refused.js';
import { waitOf } from '../../wait.js';
import { breakOff } from '../connection/breakOff.js';
import { bearerToken } from '../request/bearerToken.js';
import { contextOf } from '../request/requestContext.js';
import { type browserPageFinder, sendPage } from './browserPages.js';
import { DEPENDENCY_DOWN, refusalOf } from './refusalOf.js';

/** Status and title of each problem, by slug. */
export type Problems = Readonly<Record<string, readonly [status: number, title: string]>>;

/** The problems of the host and the kit. Each service adds those of its own rules. */
export const BASE_PROBLEMS = {
  'validation-failed': [400, 'The request is not valid'],
  'body-unreadable': [400, 'The body cannot be read'],
  'request-unreadable': [400, 'The request cannot be read'],
  unauthenticated: [401, 'A valid access token is required'],
  forbidden: [403, 'Not allowed'],
  'origin-not-allowed': [403, 'Pages of this origin may not send such requests here'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'This path does not support the method'],
  'request-timeout': [408, 'The request took too long to arrive'],
  'body-too-large': [413, 'The body is too large'],
  'uri-too-long': [414, 'The request URL is too long'],
  'media-type-unsupported': [415, 'The route does not accept a body of this type or encoding'],
  'expectation-failed': [417, 'The Expect header is not supported'],
  'too-many-requests': [429, 'Too many requests at once; wait until some of them are answered'],
  'headers-too-large': [431, 'The headers are too large'],
  'internal-error': [500, 'Internal error'],
  busy: [503, 'Too busy; try again shortly'],
  'dependency-unavailable': [503, 'A part of the service is down; try again shortly'],
  'not-yet-visible': [503, 'The requested state is not visible yet; try again shortly'],
} as const satisfies Problems;

export interface ProblemOptions {
  /** BASE_PROBLEMS and those of the services. */
  problems: Problems;
  /** Base of problem types. */
  publicUrl: string;
  log: Log;
  /** The page for a request of a browser; see `browserPageFinder`. Without it, every client gets problem+json. */
  pageFor?: ReturnType<typeof browserPageFinder>;
}

const RETRY_SECONDS = 1;

/**
 * The refusal for an error; `undefined` for an unknown error. Records its slug for the access log, and logs a warning for a 503
 * and when a limit on waiting was reached: which dependency, which limit, and how long the request waited.
 */
const recordRefusal = (
  error: unknown,
  request: Request,
  { problems, log }: Pick<ProblemOptions, 'problems' | 'log'>,
): Refused | undefined => {
  const refusal = refusalOf(error);
  if (refusal === undefined) return undefined;
  const context = contextOf(request);
  const { requestId, correlationId } = context;
  context.refusal = refusal.slug;
  const wait = waitOf(error);
  if (wait !== undefined) context.waitedMs = wait.waitedMs;
  const waited =
    wait === undefined
      ? {}
      : { dependency: wait.dependency, reason: wait.limit, waitMs: Math.round(wait.waitedMs * 10) / 10 };
  if (refusal.slug === DEPENDENCY_DOWN && error !== refusal)
    log.warn('dependency unavailable', { requestId, correlationId, ...waited, error });
  else if (wait !== undefined || problems[refusal.slug]?.[0] === 503)
    log.warn('limit reached', { requestId, correlationId, slug: refusal.slug, ...waited });
  return refusal;
};

/** The value of `Retry-After` in seconds, or `undefined` when the response has none. */
const retryAfter = (status: number, { retryAfterSeconds }: RefusalDetails): string | undefined => {
  const seconds = retryAfterSeconds ?? (status === 503 ? RETRY_SECONDS : undefined);
  return seconds === undefined ? undefined : String(Math.max(1, Math.ceil(seconds)));
};

/**
 * The challenge of a 401 response. It names the token as invalid only where the client sent one and that token was refused:
 * in the header, or in the body of a request that takes one there (RFC 6750 §3.1).
 */
const challengeOf = (request: Request, { slug, details }: Refused): string => {
  const isRefused =
    slug === 'unauthenticated'
      ? details.tokenOfBody === true || bearerToken(request.get('authorization')) !== undefined
      : slug.endsWith('-token-invalid') && (request.body ?? bearerToken(request.get('authorization'))) !== undefined;
  return isRefused ? 'Bearer error="invalid_token"' : 'Bearer';
};

/**
 * The only place that turns errors into responses (H-04): problem+json (RFC 9457) with the request id and without the
 * message of the error, or a page for a browser where the route has one. Unknown errors are logged here, once.
 */
export const problemHandler =
  ({ problems, publicUrl, log, pageFor }: ProblemOptions): ErrorRequestHandler =>
  (error: unknown, request: Request, response: Response, _next) => {
    const context = contextOf(request);
    const { requestId, correlationId } = context;
    const refusal = recordRefusal(error, request, { problems, log });
    const known = refusal !== undefined && Object.hasOwn(problems, refusal.slug);
    const answered = known ? refusal : new Refused('internal-error');
    const { slug, details } = answered;
    context.refusal = slug;
    if (!known) log.error('request failed', { requestId, correlationId, method: request.method, error });
    // The status has been sent. Closing the connection tells the client that the response is incomplete.
    if (response.headersSent) return breakOff(response);

    const [status, title] = problems[slug] ?? BASE_PROBLEMS['internal-error'];
    // The client has left. The end tells what waits for it.
    if (response.destroyed) return void response.status(status).end();
    const retry = retryAfter(status, details);
    if (details.headers !== undefined) response.set(details.headers);
    if (status === 401) response.set('WWW-Authenticate', challengeOf(request, answered));
    if (retry !== undefined) response.set('Retry-After', retry);

    const page = pageFor?.(request);
    if (page !== undefined) {
      const { errors = [] } = details;
      const retrySeconds = retry === undefined ? undefined : Number(retry);
      return sendPage(
        response,
        status,
        page({ slug, status, title, errors, retryAfter: retrySeconds, requestId }, request),
      );
    }
    const problem: Problem = { type: `${publicUrl}/problems/${slug}`, title, status, requestId, ...details.members };
    if (details.errors !== undefined) problem.errors = [...details.errors];
    response.status(status).type('application/problem+json').send(JSON.stringify(problem));
  };
