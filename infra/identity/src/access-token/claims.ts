import { isRole, type Role } from '@ums/contracts/roles';

/** `typ` of an access token (RFC 9068); no other token of ours carries it. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
export const ACCESS_TOKEN_ALGORITHM = 'ES256';
/** An access token never lives longer (T-04). */
export const LONGEST_LIFE_SECONDS = 600;
export const SKEW_SECONDS = 30;

/** What an access token says, checked. */
export interface AccessClaims {
  /** User id. */
  sub: string;
  /** Session id. */
  sid: string;
  roles: readonly Role[];
  /** Revision of the last event that cut the user's access tokens; a string in the token. */
  epoch: bigint;
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

const NAMES = 'aud epoch exp iat iss jti roles sid sub';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const REVISION = /^(?:0|[1-9]\d{0,18})$/;

const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value);

/** The claims of a payload whose signature holds; `undefined` unless it has exactly our claims, each of our form (T-02). */
export const readClaims = (payload: unknown): AccessClaims | undefined => {
  if (typeof payload !== 'object' || payload === null) return undefined;
  if (Object.keys(payload).sort().join(' ') !== NAMES) return undefined;
  const { aud, sub, sid, roles, epoch, jti, iat, exp } = payload as Record<string, unknown>;
  if (typeof aud !== 'string' || !isUuid(sub) || !isUuid(sid) || !isUuid(jti)) return undefined;
  if (!Array.isArray(roles) || !roles.every(isRole)) return undefined;
  if (typeof epoch !== 'string' || !REVISION.test(epoch)) return undefined;
  if (!isSeconds(iat) || !isSeconds(exp) || exp <= iat || exp - iat > LONGEST_LIFE_SECONDS) return undefined;
  return { sub, sid, roles, epoch: BigInt(epoch), jti, iat, exp };
};
