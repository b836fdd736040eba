import { type AccessClaims, SKEW_SECONDS } from './claims.js';
import type { JwkSet } from './jwkSet.js';

/** A token whose signature was verified. It counts as long as the key set it was verified with is the current one. */
export interface VerifiedToken {
  kid: string;
  keys: JwkSet;
  claims: AccessClaims;
}

/** Tokens verified before, by their bytes. Says nothing about revocation. */
export interface VerifiedTokens {
  /** `undefined` for an unknown token and for one outside its life. */
  find(token: string, now: number): VerifiedToken | undefined;
  add(token: string, verified: VerifiedToken): void;
}

/** @param most tokens kept; about 1.5 kB each. The oldest goes first. */
export const verifiedTokens = (most = 5_000): VerifiedTokens => {
  const tokens = new Map<string, VerifiedToken>();
  return {
    find: (token, now) => {
      const found = tokens.get(token);
      if (found === undefined) return undefined;
      const { iat, exp } = found.claims;
      if (iat <= now + SKEW_SECONDS && now < exp + SKEW_SECONDS) return found;
      tokens.delete(token);
      return undefined;
    },
    add: (token, verified) => {
      tokens.set(token, verified);
      const oldest = tokens.keys().next();
      if (tokens.size > most && !oldest.done) tokens.delete(oldest.value);
    },
  };
};
