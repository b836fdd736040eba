import { isRole, type Role } from '@ums/contracts/roles';
import { isUuid } from '@ums/contracts/uuid';

/** `typ` of access tokens (RFC 9068), and of no other tokens. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
/** ECDSA with P-256 and SHA-256 (RFC 7518 §3.4). */
export const ACCESS_TOKEN_ALGORITHM = 'ES256';
/** Longest lifetime of an access token (T-04). */
export const MAX_LIFETIME_SECONDS = 600;
/** Tolerance for clocks that differ. */
export const SKEW_SECONDS = 30;

/** The claims of a verified access token. */
export interface AccessClaims {
  /** User id. */
  sub: string;
  /** Session id. */
  sid: string;
  roles: readonly Role[];
  /** Revision of the last event that revoked the user's access tokens; a string in the token. */
  epoch: bigint;
  jti: string;
  /** Seconds since 1970, as is `exp`. */
  iat: number;
  exp: number;
}

const NAMES = 'aud epoch exp iat iss jti roles sid sub';
const REVISION = /^(?:0|[1-9]\d{0,18})$/;

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value);

/** The claims of a payload with a valid signature; `undefined` unless it has exactly the expected claims and forms (T-02). */
export const readClaims = (payload: unknown): AccessClaims | undefined => {
  if (typeof payload !== 'object' || payload === null) return undefined;
  if (Object.keys(payload).sort().join(' ') !== NAMES) return undefined;
  const { aud, sub, sid, roles, epoch, jti, iat, exp } = payload as Record<string, unknown>;
  if (typeof aud !== 'string' || !isUuid(sub) || !isUuid(sid) || !isUuid(jti)) return undefined;
  if (!Array.isArray(roles) || !roles.every(isRole)) return undefined;
  if (typeof epoch !== 'string' || !REVISION.test(epoch)) return undefined;
  if (!isSeconds(iat) || !isSeconds(exp) || exp <= iat || exp - iat > MAX_LIFETIME_SECONDS) return undefined;
  return { sub, sid, roles, epoch: BigInt(epoch), jti, iat, exp };
};
