import { createHmac, timingSafeEqual } from 'node:crypto';
import { keyId } from '@ums/kit/keyId';

/** What a refresh token says: a session, and how often its token had been changed when this one was made. */
export interface RefreshClaim {
  sessionId: string;
  generation: number;
}

/** Refresh tokens are derived, not stored: whoever may know the session's generation may make its token again. */
export interface RefreshTokens {
  issue(claim: RefreshClaim): string;
  /** `undefined` unless we issued it, under a key still in use. Says nothing of the session: ask the vault. */
  verify(token: string): RefreshClaim | undefined;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const FORM = new RegExp(`^r1\\.([A-Za-z0-9_-]{8})\\.(${UUID})\\.(0|[1-9][0-9]{0,8})\\.([A-Za-z0-9_-]{43})$`);

/** @param previous keys whose tokens still count, so that a key can be changed without ending every session. */
export const createRefreshTokens = (key: Buffer, previous: readonly Buffer[] = []): RefreshTokens => {
  const current = keyId(key);
  const keys = new Map([...previous, key].map((known) => [keyId(known), known]));
  return {
    issue: ({ sessionId, generation }) => {
      const clear = `r1.${current}.${sessionId}.${generation}`;
      return `${clear}.${macOf(key, clear).toString('base64url')}`;
    },
    verify: (token) => {
      const [, id = '', sessionId = '', generation = '', mac = ''] = FORM.exec(token) ?? [];
      const issuer = keys.get(id);
      if (issuer === undefined) return undefined;
      const expected = macOf(issuer, token.slice(0, token.lastIndexOf('.')));
      if (!timingSafeEqual(expected, Buffer.from(mac, 'base64url'))) return undefined;
      return { sessionId, generation: Number(generation) };
    },
  };
};

const macOf = (key: Buffer, clear: string): Buffer =>
  createHmac('sha256', key).update('ums refresh token\0').update(clear).digest();
