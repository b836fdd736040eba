import { readFile } from 'node:fs/promises';
import type { JwkSet } from '@ums/identity/access-token/jwkSet';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';

/** Where the public keys of access tokens come from. */
export interface JwksSource {
  /** The keys; looks for new ones when `kid` is not among them, once a minute at most (K-03). @throws DependencyUnavailable */
  keys(kid: string): Promise<JwkSet>;
  /** Loads the keys if there are none yet. @throws DependencyUnavailable */
  load(): Promise<void>;
  loaded(): boolean;
}

interface Options {
  /** URL (http, https) or path of a JWK set. */
  from: string;
  /** Milliseconds that never go back. */
  now?: () => number;
}

const ONCE_A_MINUTE_MS = 60_000;
/** A key that is withdrawn is believed this long at most, while the source answers. */
const LONGEST_AGE_MS = 300_000;
const TIMEOUT_MS = 2_000;
const LONGEST_TEXT = 65_536;

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
      // A source that fails takes nobody's access away who has a key it once gave.
      if (before.keys.some((key) => key.kid === kid))
        return age < LONGEST_AGE_MS ? before : refreshed().catch(() => before);
      if (age >= ONCE_A_MINUTE_MS) return refreshed();
      // Whether the key exists cannot be said: that is no fault of the token.
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
  if (!response.ok) throw new Error(`the key set answered ${response.status}`);
  return response.text();
};

const parse = (text: string): JwkSet => {
  if (text.length > LONGEST_TEXT) throw new Error('the key set is too long');
  const { keys } = JSON.parse(text) as Partial<JwkSet>;
  if (!Array.isArray(keys)) throw new Error('there is no key set');
  return { keys };
};
