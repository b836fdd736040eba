import { readFile } from 'node:fs/promises';
import type { JwkSet } from '@ums/identity/access-token/jwkSet';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { Log } from '@ums/kit/log';
import { fetchFault } from '@ums/kit/transport/fetchFault';
import { noteWait } from '@ums/kit/wait';
import { readKeySet, UnusableKeySet } from './readKeySet.js';

/** Loads and caches the public keys that verify access tokens. */
export interface JwksSource {
  /**
   * The cached keys. Fetches them again when `kid` is not among them, at most once a minute (K-03); after a failed fetch
   * the next one follows sooner.
   * @throws DependencyUnavailable when the source fails and `kid` is unknown or the cached keys are too old.
   */
  keys(kid: string): Promise<JwkSet>;
  /** Fetches the keys unless they are cached. @throws DependencyUnavailable */
  load(): Promise<void>;
  loaded(): boolean;
}

interface Options {
  /** URL (http, https) or file path of a JWK set (RFC 7517). */
  from: string;
  /** Gets a warning when the source begins to fail. */
  log: Log;
  /** Monotonic clock in milliseconds. @default performance.now */
  now?: () => number;
}

const MIN_REFETCH_MS = 60_000;
/** While the source answers, a withdrawn key is accepted at most this long. */
const MAX_AGE_MS = 300_000;
/**
 * While the source fails, a withdrawn key is accepted at most this long: the maximum age and the longest lifetime of an
 * access token. A source that fails for longer issued no token that is still valid, so the bound refuses only forged ones.
 */
const MAX_AGE_UNCONFIRMED_MS = 900_000;
/** Pause after the first failed fetch; each further failure doubles it, up to the minute between other fetches. */
const RETRY_MS = 1_000;
const TIMEOUT_MS = 2_000;

/** Loads nothing before the first call. Concurrent calls share one request to the source. */
export const jwksSource = ({ from, log, now = () => performance.now() }: Options): JwksSource => {
  let known: JwkSet | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let failure: { cause: unknown; count: number; retryAt: number } | undefined;
  let asking: Promise<JwkSet> | undefined;

  const ask = async (): Promise<JwkSet> => {
    const askedAt = now();
    try {
      known = readKeySet(await (/^https?:/.test(from) ? fetched(from) : readFile(from, 'utf8')));
      fetchedAt = askedAt;
      failure = undefined;
      return known;
    } catch (error) {
      const count = (failure?.count ?? 0) + 1;
      const pauseMs = Math.min(RETRY_MS * 2 ** (count - 1), MIN_REFETCH_MS);
      const reason = faultOf(error);
      if (failure === undefined) log.warn('public keys cannot be loaded', { dependency: 'jwks', reason });
      const cause = noteWait(error, { dependency: 'jwks', limit: reason, waitedMs: now() - askedAt });
      failure = { cause, count, retryAt: now() + pauseMs };
      throw new DependencyUnavailable('jwks', cause);
    } finally {
      asking = undefined;
    }
  };

  const refreshed = (): Promise<JwkSet> => {
    asking ??= ask();
    return asking;
  };

  return {
    keys: async (kid) => {
      const before = known;
      if (before === undefined) return refreshed();
      const age = now() - fetchedAt;
      const isKnown = before.keys.some((key) => key.kid === kid);
      if (age < (isKnown ? MAX_AGE_MS : MIN_REFETCH_MS)) return before;
      try {
        if (failure !== undefined && now() < failure.retryAt) throw new DependencyUnavailable('jwks', failure.cause);
        return await refreshed();
      } catch (error) {
        // Tokens under a cached key stay valid for a while. An unknown key may exist, so its token is not refused either.
        if (isKnown && age < MAX_AGE_UNCONFIRMED_MS) return before;
        throw error;
      }
    },
    load: async () => {
      if (known === undefined) await refreshed();
    },
    loaded: () => known !== undefined,
  };
};

const fetched = async (url: string): Promise<string> => {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new UnusableKeySet(`answered with status ${response.status}`);
  return response.text();
};

/** Why the keys were not loaded, without text from outside. */
const faultOf = (error: unknown): string => {
  if (error instanceof UnusableKeySet) return error.message;
  return fetchFault(error);
};
