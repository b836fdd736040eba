import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_LIFETIME_SECONDS, SKEW_SECONDS } from '@ums/identity/access-token/claims';
import { isRevoked, revocationsAfter, revocationsSince, type TokenIdentity } from '@ums/identity/vault/revocationFeed';
import type { Log } from '@ums/kit/log';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { upIfResolves } from '@ums/kit/readiness';
import { type RevokedTokens, revokedTokens } from './revokedTokens.js';

/** Answers whether a valid access token was revoked (T-08). */
export interface Revocations {
  /** @throws DependencyUnavailable when the cached list is stale and the vault does not answer. */
  isRevoked(token: TokenIdentity): Promise<boolean>;
  /** Whether the cached list is current. While it is not, `isRevoked` asks the vault. */
  fresh(): boolean;
  /** Whether revocations can be checked. Asks the vault while polling is suspended. Never rejects. */
  ready(): Promise<boolean>;
  /** Resolves once polling has ended, after the signal. */
  done: Promise<void>;
}

export interface RevocationsOptions {
  vault: Query;
  signal: AbortSignal;
  log: Log;
  /** Pause between polls. @default 250 */
  everyMs?: number;
  /** Age of the last successful poll up to which the list counts as current. Keeps T-08: revocations apply within a second. @default 750 */
  freshMs?: number;
  /** Polling is suspended when no token was checked for this long. @default 5_000 */
  idleMs?: number;
}

/** Token lifetime, clock skew, and the longest time from a transaction's `now()` to its commit. */
const WINDOW_SECONDS = MAX_LIFETIME_SECONDS + SKEW_SECONDS + 60;
const PAGE_SIZE = 5_000;

/**
 * Polls the vault for new revocations and caches them. The age of the list counts from the *start* of the last successful
 * poll. A failure empties the list, because the vault that answers next may be a restored copy with other row ids.
 *
 * Polling is suspended while no tokens are checked. The list is emptied for the same reason; the next check asks the vault
 * and starts polling again.
 */
export const followRevocations = ({
  vault,
  signal,
  log,
  everyMs = 250,
  freshMs = 750,
  idleMs = 5_000,
}: RevocationsOptions): Revocations => {
  let list: RevokedTokens | undefined;
  let lastId: string | undefined;
  let polledAt = Number.NEGATIVE_INFINITY;
  let checkedAt = performance.now();
  /** Whether `polledAt` tells if the vault answers: false while suspended and until the first poll has ended. */
  let isPolling = false;
  let resume = (): void => undefined;

  const empty = (): void => {
    list = undefined;
    lastId = undefined;
  };

  const poll = async (): Promise<void> => {
    const polled = list ?? revokedTokens({ keepMs: WINDOW_SECONDS * 1_000 });
    let after = lastId ?? (await revocationsSince(vault, WINDOW_SECONDS));
    for (;;) {
      const startedAt = performance.now();
      const rows = await revocationsAfter(vault, after, PAGE_SIZE);
      for (const { revocation } of rows) polled.add(revocation);
      after = rows.at(-1)?.id ?? after;
      if (rows.length === PAGE_SIZE) continue;
      [list, lastId, polledAt] = [polled, after, startedAt];
      return;
    }
  };

  const suspend = (): Promise<void> => {
    empty();
    isPolling = false;
    return new Promise((resolve) => {
      resume = resolve;
    });
  };
  signal.addEventListener('abort', () => resume(), { once: true });

  const watch = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await poll();
        failures = 0;
      } catch (error) {
        empty();
        if (failures++ === 0) log.warn('revocations cannot be read', { error });
      }
      isPolling = true;
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted && performance.now() - checkedAt > idleMs) await suspend();
    }
  };

  const fresh = (): boolean => list?.complete() === true && performance.now() - polledAt <= freshMs;

  return {
    fresh,
    ready: async () => {
      if (isPolling) return fresh();
      return (await upIfResolves(revocationsSince(vault, WINDOW_SECONDS))) === 'up';
    },
    isRevoked: async (token) => {
      checkedAt = performance.now();
      resume();
      if (fresh() && list !== undefined) return list.has(token);
      return isRevoked(vault, token);
    },
    done: watch(),
  };
};
