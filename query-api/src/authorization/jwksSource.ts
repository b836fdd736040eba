import { readFile } from 'node:fs/promises';
import type { JwkSet } from '@ums/identity/access-token/jwkSet';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';

/** Loads and caches the public keys that verify access tokens. */
export interface JwksSource {
  /** The cached keys. Fetches them again when `kid` is not among them, at most once a minute (K-03). @throws DependencyUnavailable */
  keys(kid: string): Promise<JwkSet>;
  /** Fetches the keys unless they are cached. @throws DependencyUnavailable */
  load(): Promise<void>;
  loaded(): boolean;
}

interface Options {
  /** URL (http, https) or file path of a JWK set (RFC 7517). */
  from: string;
  /** Monotonic clock in milliseconds. @default performance.now */
  now?: () => number;
}

const MIN_REFETCH_MS = 60_000;
/** While the source answers, a withdrawn key is accepted at most this long. */
const MAX_AGE_MS = 300_000;
const TIMEOUT_MS = 2_000;
const MAX_LENGTH = 65_536;

/** Loads nothing before the first call. Concurrent calls share one request to the source. */
export const jwksSource = ({ from, now = () => performance.now() }: Options): JwksSource => {
  let known: JwkSet | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let failed: unknown;
  let asking: Promise<JwkSet> | undefined;

  const ask = async (): Promise<JwkSet> => {
    askedAt = now();
    try {
      known = parse(await (/^https?:/.test(from) ? fetched(from) : readFile(from, 'utf8')));
      failed = undefined;
      return known;
    } catch (error) {
      failed = error;
      throw new DependencyUnavailable('jwks', error);
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
      const age = now() - askedAt;
      // While the source fails, tokens under a cached key stay valid.
      if (before.keys.some((key) => key.kid === kid))
        return age < MAX_AGE_MS ? before : refreshed().catch(() => before);
      if (age >= MIN_REFETCH_MS) return refreshed();
      // The source does not answer, so the token's key may exist: report the outage, not an invalid token.
      if (failed !== undefined) throw new DependencyUnavailable('jwks', failed);
      return before;
    },
    load: async () => {
      if (known === undefined) await refreshed();
    },
    loaded: () => known !== undefined,
  };
};

const fetched = async (url: string): Promise<string> => {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the key set request was answered with status ${response.status}`);
  return response.text();
};

const parse = (text: string): JwkSet => {
  if (text.length > MAX_LENGTH) throw new Error(`the key set is longer than ${MAX_LENGTH} characters`);
  const { keys } = JSON.parse(text) as Partial<JwkSet>;
  if (!Array.isArray(keys)) throw new Error('the answer is not a key set');
  return { keys };
};
