import type { RequestHandler } from 'express';
import type { Log } from '../../log.js';
import type { TrustsProxy } from './trustedProxies.js';

const INTERVAL_MS = 3_600_000;

const NOT_LISTED =
  'ignored X-Forwarded-For of a peer that TRUSTED_PROXIES does not list; if it is a proxy, the limits count all its clients as one source';
const NOT_FORWARDED =
  'no X-Forwarded-For of a peer that TRUSTED_PROXIES lists; if it is a proxy, it must set the header, otherwise the limits count all its clients as one source';

/**
 * Warns, at most once an hour, of `X-Forwarded-For` from a peer that is not trusted, and as often of a trusted peer that sends none. If
 * that peer is a proxy, all its clients share the limits of one source.
 * @param prefix of the paths of the API. A trusted peer may send probes and scrapes of its own to other paths.
 * @param now a monotonic clock in milliseconds
 */
export const proxyWarning = (
  trusts: TrustsProxy,
  log: Log,
  prefix: string,
  now = () => performance.now(),
): RequestHandler => {
  const warnNotListed = atMostHourly(log, NOT_LISTED, now);
  const warnNotForwarded = atMostHourly(log, NOT_FORWARDED, now);
  return ({ headers, socket, path }, _response, next) => {
    const isForwarded = headers['x-forwarded-for'] !== undefined;
    if (trusts(socket.remoteAddress ?? '')) {
      if (!isForwarded && path.startsWith(`${prefix}/`)) warnNotForwarded();
    } else if (isForwarded) warnNotListed();
    next();
  };
};

/** Logs the message when it is called, at most once an hour. */
const atMostHourly = (log: Log, message: string, now: () => number): (() => void) => {
  let lastWarning = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - lastWarning < INTERVAL_MS) return;
    lastWarning = now();
    log.warn(message);
  };
};
