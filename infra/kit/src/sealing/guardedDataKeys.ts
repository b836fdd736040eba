import { withBreaker } from '../breaker.js';
import { isDown } from '../postgres/errors.js';
import type { DataKeys } from './dataKeys.js';

const BREAKER = { timeoutMs: 2_000, isFailure: isDown, maxInFlight: 500, resetMs: 1_000 };

/**
 * Data keys behind a circuit breaker, for requests: while the vault is down or hangs, they get 503 in time (F-03).
 *
 * @throws DependencyUnavailable, from `fetch` and `fresh`
 */
export const guardedDataKeys = (keys: DataKeys): DataKeys => {
  const guarded = (read: DataKeys['fetch']): DataKeys['fetch'] =>
    withBreaker('vault', (_signal, subjects: Iterable<string>) => read(subjects), BREAKER);
  return { fetch: guarded(keys.fetch), fresh: guarded(keys.fresh), evict: keys.evict };
};
