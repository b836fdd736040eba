import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { addressBucket, canonicalIp } from './addressBucket.js';

export interface RequestSource {
  /** Canonical address of the last hop we trust to name it; '' when the connection is already gone. */
  ip: string;
  userAgent: string;
  /** What limits count as one source. */
  bucket: string;
}

export interface RequestContext {
  readonly requestId: string;
  /** UUID; the caller's `X-Correlation-Id` if it has that form. Goes into event metadata, messages, mails and logs. */
  readonly correlationId: string;
  readonly source: RequestSource;
  /** Set by the authentication of a route, for the log. */
  userId?: string;
  /** Slug of the problem it was answered with, for the log. */
  refusal?: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LONGEST_USER_AGENT = 300;

const contexts = new WeakMap<object, RequestContext>();

/** A hop that wrote no address is itself the source: what stands before it is unknown. */
const sourceOf = (request: Request): RequestSource => {
  const ip = canonicalIp(request.ip ?? '') ?? canonicalIp(request.socket.remoteAddress ?? '') ?? '';
  const userAgent = (request.get('user-agent') ?? '').slice(0, LONGEST_USER_AGENT);
  return { ip, userAgent, bucket: ip === '' ? 'unknown' : addressBucket(ip) };
};

/** Gives each request its ids and source; the answer names the request. */
export const requestContext: RequestHandler = (request, response, next) => {
  const wanted = request.get('x-correlation-id')?.toLowerCase() ?? '';
  const requestId = randomUUID();
  const correlationId = UUID.test(wanted) ? wanted : randomUUID();
  contexts.set(request, { requestId, correlationId, source: sourceOf(request) });
  response.set({ 'X-Request-Id': requestId, 'X-Correlation-Id': correlationId });
  next();
};

/** The context of a request the host let in. */
export const contextOf = (request: Request): RequestContext => {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('the request did not come through the host');
  return context;
};
