import { randomUUID } from 'node:crypto';
import type { Role } from '@ums/contracts/roles';
import type { Clock } from '@ums/kit/clock';
import { StartRefused } from '@ums/kit/startRefused';
import jwt from 'jsonwebtoken';
import { jwkOf, PREVIOUS_KEY_FAULT, SIGNING_KEY_FAULT, signingKeyOf } from './accessTokenKeys.js';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, MAX_LIFETIME_SECONDS } from './claims.js';
import type { JwkSet } from './jwkSet.js';

export interface SignerOptions {
  /** EC P-256 in PEM. */
  privateKeyPem: string;
  /** Former signing keys in PEM, public or private; published until their last token has expired (K-03). */
  previousKeysPem?: readonly string[];
  issuer: string;
  audience: string;
  ttlSeconds: number;
  clock: Clock;
}

export interface AccessTokenSigner {
  sign(claims: { sub: string; sid: string; roles: readonly Role[]; epoch: bigint }): string;
  /** Lifetime of a token in seconds. */
  ttlSeconds: number;
  /** The current key, followed by former keys. */
  jwks: JwkSet;
}

/**
 * Signs access tokens: JWTs with ES256 and `typ` `at+jwt` (RFC 9068, without `client_id`: there are no clients of OAuth).
 *
 * @throws StartRefused for a key of another kind or a lifetime above ten minutes
 */
export const accessTokenSigner = (options: SignerOptions): AccessTokenSigner => {
  const { privateKeyPem, previousKeysPem = [], issuer, audience, ttlSeconds, clock } = options;
  if (!(ttlSeconds > 0 && ttlSeconds <= MAX_LIFETIME_SECONDS)) {
    throw new StartRefused(`Access tokens must live between 1 and ${MAX_LIFETIME_SECONDS} seconds.`);
  }
  const { key, jwk: current } = required(signingKeyOf(privateKeyPem), `ACCESS_TOKEN_KEY ${SIGNING_KEY_FAULT}.`);
  const previous = previousKeysPem.map((pem) =>
    required(jwkOf(pem), `ACCESS_TOKEN_KEY_PREVIOUS ${PREVIOUS_KEY_FAULT}.`),
  );
  const keys = [current, ...previous.filter(({ kid }) => kid !== current.kid)];
  const header = { alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid: current.kid };

  return {
    ttlSeconds,
    jwks: { keys },
    sign: ({ sub, sid, roles, epoch }) => {
      const iat = Math.floor(clock.now().getTime() / 1000);
      const times = { iat, exp: iat + ttlSeconds };
      const claims = {
        iss: issuer,
        aud: audience,
        sub,
        sid,
        roles,
        epoch: epoch.toString(),
        jti: randomUUID(),
        ...times,
      };
      return jwt.sign(claims, key, { algorithm: ACCESS_TOKEN_ALGORITHM, header });
    },
  };
};

const required = <T>(value: T | undefined, fault: string): T => {
  if (value === undefined) throw new StartRefused(fault);
  return value;
};
