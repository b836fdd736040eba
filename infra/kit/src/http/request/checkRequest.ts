import { isIPv6 } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { invalid, Refused } from '../../refused.js';

/** The only expectation that HTTP defines (RFC 9110 §10.1.1). */
const CONTINUE = '100-continue';

/** The only transfer coding that Node decodes. It would pass on a body in another one, such as `gzip, chunked`, undecoded. */
const CHUNKED = 'chunked';

/** HTTP/1.0 has no transfer codings: a proxy may pass the body on as another request (RFC 9112 §6.1). */
const hasDoubtfulLength = ({ headers, httpVersion }: Request): boolean => {
  const coding = headers['transfer-encoding'];
  return coding !== undefined && (httpVersion === '1.0' || coding.trim().toLowerCase() !== CHUNKED);
};

/** Node silently drops or joins repeated headers, so a proxy and this process could act on different values. */
const SINGLE_HEADERS = ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key', 'X-Correlation-Id'];

const READS = ['GET', 'HEAD', 'OPTIONS'];

/** A request whose condition is false must not be performed (RFC 9110 §13.1.2), and no operation evaluates this one. */
const hasUnsupportedCondition = ({ method, headers }: Request): boolean =>
  headers['if-none-match'] !== undefined && !READS.includes(method);

/** The first of these headers that was sent more than once. */
const repeatedHeader = ({ rawHeaders }: Request, singleHeaders: readonly string[]): string | undefined => {
  const names = rawHeaders.filter((_value, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return singleHeaders.find((header) => names.filter((name) => name === header.toLowerCase()).length > 1);
};

/** A host name or IPv4 address, or an IPv6 address in brackets, and a port (RFC 3986 §3.2.2, without the marks that no name has). */
const HOST = /^(?:\[([^\]]+)\]|(?:[\w.~-]|%[0-9a-f]{2})+)(?::(\d{0,5}))?$/i;
const MAX_PORT = 65_535;

const isHost = (text: string): boolean => {
  const [matched, v6, port = ''] = HOST.exec(text) ?? [];
  return matched !== undefined && (v6 === undefined || isIPv6(v6)) && Number(port) <= MAX_PORT;
};

/** Node keeps the first of two Host headers and checks none (RFC 9112 §3.2). Clients of HTTP/1.0 need not send one. */
const hostFault = (request: Request): string | undefined => {
  const { host } = request.headers;
  if (host === undefined) return request.httpVersion === '1.1' ? 'is missing' : undefined;
  if (repeatedHeader(request, ['Host']) !== undefined) return 'must be given once';
  return isHost(host) ? undefined : 'is not a host with an optional port';
};

/**
 * Refuses requests whose headers this process and a proxy could interpret differently (I-03). `checkUrl` checks the rest.
 * @param apiHeaders headers of the API itself that must not be repeated
 */
export const checkRequest = (apiHeaders: readonly string[]): RequestHandler => {
  const singleHeaders = [...SINGLE_HEADERS, ...apiHeaders];
  return (request, _response, next) => {
    // First: what follows on the connection may be a part of the request.
    if (hasDoubtfulLength(request)) throw new Refused('request-unreadable', { headers: { Connection: 'close' } });
    const fault = hostFault(request);
    if (fault !== undefined) throw invalid('Host', fault);
    const expectation = request.get('expect')?.toLowerCase() ?? CONTINUE;
    if (expectation !== CONTINUE) throw new Refused('expectation-failed');
    const repeated = repeatedHeader(request, singleHeaders);
    if (repeated === 'Authorization') throw new Refused('unauthenticated');
    if (repeated !== undefined) throw invalid(repeated, 'must be given once');
    if (hasUnsupportedCondition(request)) throw invalid('If-None-Match', 'is for reads only; changes take If-Match');
    next();
  };
};
