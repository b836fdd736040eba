import type { RequestHandler } from 'express';
import type { Log } from '../../log.js';
import type { TrustsProxy } from './trustedProxies.js';

const INTERVAL_MS = 3_600_000;

/**
 * Warns, at most once an hour, that `X-Forwarded-For` came from a peer that is not trusted. If that peer is a proxy, all its
 * clients share the limits of one source.
 * @param now a monotonic clock in milliseconds
 */
export const proxyWarning = (trusts: TrustsProxy, log: Log, now = () => performance.now()): RequestHandler => {
  let lastWarning = Number.NEGATIVE_INFINITY;
  return (request, _response, next) => {
    const isForwarded = request.headers['x-forwarded-for'] !== undefined;
    if (isForwarded && now() - lastWarning >= INTERVAL_MS && !trusts(request.socket.remoteAddress ?? '')) {
      lastWarning = now();
      log.warn(
        'ignored X-Forwarded-For of a peer that TRUSTED_PROXIES does not list; if it is a proxy, the limits count all its clients as one source',
      );
    }
    next();
  };
};
