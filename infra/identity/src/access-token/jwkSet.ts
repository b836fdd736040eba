import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** A published ES256 public key (RFC 7517, RFC 7518 §6.2). */
export interface Jwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  /** RFC 7638 thumbprint of the key. */
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

export interface JwkSet {
  keys: readonly Jwk[];
}

/** The public half of a P-256 key; `undefined` for any other key. */
export const publicJwk = (key: KeyObject): Jwk | undefined => {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) return undefined;
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
};

/**
 * The key itself; `undefined` for a key of another kind, which a set may have (RFC 7517 §5).
 * @throws TypeError or an OpenSSL error when the key is damaged: a coordinate is missing, or the point is not on the curve.
 */
export const keyOfJwk = (jwk: Jwk): KeyObject | undefined => {
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') return undefined;
  return createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, format: 'jwk' });
};
