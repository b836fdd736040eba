import { setTimeout as sleep } from 'node:timers/promises';
import { LONGEST_LIFE_SECONDS, SKEW_SECONDS } from '@ums/identity/access-token/claims';
import { isRevoked, revocationsAfter, revocationsSince, type TokenIdentity } from '@ums/identity/vault/revocationFeed';
import type { Log } from '@ums/kit/log';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { type RevokedTokens, revokedTokens } from './revokedTokens.js';

/** Which access tokens no longer count, though they verify (T-08). */
export interface Revocations {
  /** @throws DependencyUnavailable when neither the list nor the vault can say. */
  isRevoked(token: TokenIdentity): Promise<boolean>;
  /** Whether the list can be asked; the vault is asked instead while it cannot. */
  fresh(): boolean;
  done: Promise<void>;
}

export interface RevocationsOptions {
  vault: Query;
  signal: AbortSignal;
  log: Log;
  everyMs?: number;
  /** Age of the last good poll up to which the list is believed. With it, a revocation bites within a second. */
  believedMs?: number;
}

/** A token's life, both clocks' skew, and the longest a transaction may take between drawing its time and its commit. */
const WINDOW_SECONDS = LONGEST_LIFE_SECONDS + SKEW_SECONDS + 60;
const MOST_ROWS = 5_000;

/**
 * Follows the vault's revocations. A list as old as the last good poll's *start* is believed for less than a second; an older
 * one is not asked at all, the vault is. After a failure the list is loaded anew: what came back may be another database.
 */
export const followRevocations = ({
  vault,
  signal,
  log,
  everyMs = 250,
  believedMs = 750,
}: RevocationsOptions): Revocations => {
  let list: RevokedTokens | undefined;
  let after: string | undefined;
  let provedAt = Number.NEGATIVE_INFINITY;

  const poll = async (): Promise<void> => {
    const loading = list ?? revokedTokens({ keepMs: WINDOW_SECONDS * 1_000 });
    let last = after ?? (await revocationsSince(vault, WINDOW_SECONDS));
    for (;;) {
      const began = performance.now();
      const rows = await revocationsAfter(vault, last, MOST_ROWS);
      for (const { revocation } of rows) loading.add(revocation);
      last = rows.at(-1)?.id ?? last;
      if (rows.length === MOST_ROWS) continue;
      [list, after, provedAt] = [loading, last, began];
      return;
    }
  };

  const watch = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await poll();
        failures = 0;
      } catch (error) {
        list = undefined;
        after = undefined;
        if (failures++ === 0) log.warn('revocations cannot be followed', { error });
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };

  const fresh = (): boolean => list?.complete() === true && performance.now() - provedAt <= believedMs;

  return {
    fresh,
    isRevoked: async (token) => {
      if (fresh() && list !== undefined) return list.has(token);
      return isRevoked(vault, token);
    },
    done: watch(),
  };
};
