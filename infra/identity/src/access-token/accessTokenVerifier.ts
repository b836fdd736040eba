import type { KeyObject } from 'node:crypto';
import type { Clock } from '@ums/kit/clock';
import { bearerToken } from '@ums/kit/http/request/bearerToken';
import { Refused } from '@ums/kit/refused';
import jwt from 'jsonwebtoken';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, type AccessClaims, readClaims, SKEW_SECONDS } from './claims.js';
import { type JwkSet, keyOfJwk } from './jwkSet.js';
import { verifiedTokens } from './verifiedTokens.js';

export interface VerifierOptions {
  /**
   * The trusted keys, from configuration, none of them damaged. Gets the `kid` of the token, so that the source can look for a key published
   * since. A failure of the source is thrown as it is, since the token may be valid.
   */
  jwks: (kid: string) => JwkSet | Promise<JwkSet>;
  issuer: string;
  audience: string;
  clock: Clock;
}

export interface AccessTokenVerifier {
  /**
   * Verifies an Authorization header. Revocation is the caller's check, by session and epoch.
   * @throws Refused `unauthenticated`, the same for every fault (T-01)
   */
  verify(authorization: string | undefined): Promise<AccessClaims>;
}

const MAX_HEADER_LENGTH = 8_192;
const JWS = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/;
const KID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Parses the JSON object of one part. Only the text that JSON.stringify produces is accepted, as our signer writes it:
 * another parser may read a repeated key differently.
 */
const strictJson = (part: string): Record<string, unknown> | undefined => {
  const text = Buffer.from(part, 'base64url').toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    const isCanonical = typeof value === 'object' && value !== null && JSON.stringify(value) === text;
    return isCanonical ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** `kid` of a header with the pinned algorithm and type and nothing else; any `jku`, `jwk`, `x5u` or `crit` is refused. */
const kidOf = (part: string): string | undefined => {
  const header = strictJson(part);
  if (header === undefined || Object.keys(header).sort().join(' ') !== 'alg kid typ') return undefined;
  const { alg, typ, kid } = header;
  const isPinned = alg === ACCESS_TOKEN_ALGORITHM && typ === ACCESS_TOKEN_TYPE;
  return isPinned && typeof kid === 'string' && KID.test(kid) ? kid : undefined;
};

const keyOf = ({ keys }: JwkSet, kid: string): KeyObject | undefined => {
  const jwk = keys.find((each) => each.kid === kid);
  return jwk && keyOfJwk(jwk);
};

/**
 * Verifies access tokens against a pinned algorithm, type, issuer and audience (T-01, T-02; RFC 8725, RFC 9068). A token
 * verified before is recognised by its bytes until it expires or the key set changes: a signature costs more than the rest
 * of a read.
 */
export const accessTokenVerifier = ({ jwks, issuer, audience, clock }: VerifierOptions): AccessTokenVerifier => {
  const parsed = new WeakMap<JwkSet, Map<string, KeyObject | undefined>>();
  const verified = verifiedTokens();

  const keyIn = (keys: JwkSet, kid: string): KeyObject | undefined => {
    if (!keys.keys.some((jwk) => jwk.kid === kid)) return undefined;
    const known = parsed.get(keys) ?? new Map<string, KeyObject | undefined>();
    parsed.set(keys, known);
    if (!known.has(kid)) known.set(kid, keyOf(keys, kid));
    return known.get(kid);
  };

  const claimsOf = async (authorization: string): Promise<AccessClaims | undefined> => {
    if (authorization.length > MAX_HEADER_LENGTH) return undefined;
    const now = Math.floor(clock.now().getTime() / 1000);
    const token = bearerToken(authorization) ?? '';
    const known = verified.find(token, now);
    if (known !== undefined && (await jwks(known.kid)) === known.keys) return known.claims;
    const [, header, payload, signature] = JWS.exec(token) ?? [];
    if (header === undefined || payload === undefined || signature === undefined) return undefined;
    // The last base64url character has unused bits: accept only one spelling of a signature.
    if (Buffer.from(signature, 'base64url').toString('base64url') !== signature) return undefined;
    const kid = kidOf(header);
    if (kid === undefined) return undefined;
    const keys = await jwks(kid);
    const key = keyIn(keys, kid);
    if (key === undefined) return undefined;
    if (!isValid(token, key, { issuer, audience, now })) return undefined;
    const claims = readClaims(strictJson(payload));
    if (claims === undefined || claims.iat > now + SKEW_SECONDS) return undefined;
    // A copy: V8 would keep the whole header, with all its blanks, for the token as a part of it.
    verified.add(`${header}.${payload}.${signature}`, { kid, keys, claims });
    return claims;
  };

  return {
    verify: async (authorization) => {
      const claims = authorization === undefined ? undefined : await claimsOf(authorization);
      if (claims === undefined) throw new Refused('unauthenticated');
      return claims;
    },
  };
};

const isValid = (
  token: string,
  key: KeyObject,
  { issuer, audience, now }: { issuer: string; audience: string; now: number },
): boolean => {
  try {
    jwt.verify(token, key, {
      algorithms: [ACCESS_TOKEN_ALGORITHM],
      issuer,
      audience,
      clockTimestamp: now,
      clockTolerance: SKEW_SECONDS,
    });
    return true;
  } catch (error) {
    if (error instanceof jwt.JsonWebTokenError) return false;
    throw error;
  }
};
