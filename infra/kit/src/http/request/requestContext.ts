import { randomUUID } from 'node:crypto';
import { isUuid } from '@ums/contracts/uuid';
import type { Request, RequestHandler } from 'express';
import type { RequestOrigin, RequestSource } from '../../facts/cause.js';
import { canonicalIp, ipBucket } from './ipBucket.js';

/** Origin of a request, and what the access log adds to its line. */
export interface RequestContext extends Readonly<RequestOrigin> {
  /** Set by the authentication of a route, for the access log. */
  userId?: string;
  /** Slug of the problem in the response, for the access log. */
  refusal?: string;
  /** How long the request waited for what refused it, in milliseconds, where that is known. */
  waitedMs?: number;
}

const MAX_USER_AGENT_LENGTH = 300;

const contexts = new WeakMap<object, RequestContext>();

/** When a trusted proxy reports no valid IP address, the peer of the connection counts as the source. */
const sourceOf = (request: Request): RequestSource => {
  const ip = canonicalIp(request.ip ?? '') ?? canonicalIp(request.socket.remoteAddress ?? '') ?? '';
  const userAgent = (request.get('user-agent') ?? '').slice(0, MAX_USER_AGENT_LENGTH);
  return { ip, userAgent, bucket: ip === '' ? 'unknown' : ipBucket(ip) };
};

/**
 * Gives each request its ids and source, and sends the ids as response headers. The correlation id is `X-Correlation-Id` if
 * that is a UUID, else a new one.
 */
export const requestContext: RequestHandler = (request, response, next) => {
  const requested = request.get('x-correlation-id')?.toLowerCase() ?? '';
  const requestId = randomUUID();
  const correlationId = isUuid(requested) ? requested : randomUUID();
  contexts.set(request, { requestId, correlationId, source: sourceOf(request) });
  response.set({ 'X-Request-Id': requestId, 'X-Correlation-Id': correlationId });
  next();
};

/** The context of a request. @throws when {@link requestContext} did not run before */
export const contextOf = (request: Request): RequestContext => {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('the request did not come through the host');
  return context;
};
