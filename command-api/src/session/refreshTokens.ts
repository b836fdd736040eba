import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { UUID_PATTERN } from '@ums/contracts/uuid';
import { keyId } from '@ums/kit/keyId';

/** What a refresh token states: its session, and how many tokens of the session came before it. */
export interface RefreshClaim {
  sessionId: string;
  generation: number;
}

/** Refresh tokens are derived, not stored: the token of a generation can be issued again, and is the same each time. */
export interface RefreshTokens {
  issue(claim: RefreshClaim): string;
  /** `undefined` unless a configured key issued it. Does not check that the session is alive; the vault does. */
  verify(token: string): RefreshClaim | undefined;
}

const FORMAT = new RegExp(`^r1\\.([A-Za-z0-9_-]{8})\\.(${UUID_PATTERN})\\.(0|[1-9][0-9]{0,8})\\.([A-Za-z0-9_-]{43})$`);

/** @param previous keys whose tokens stay valid, so that a key change does not end every session. */
export const createRefreshTokens = (key: Buffer, previous: readonly Buffer[] = []): RefreshTokens => {
  const current = keyId(key);
  // Node 24 computes a MAC several times faster with a key object than with a buffer.
  const macKey = createSecretKey(key);
  const keys = new Map([...previous, key].map((known) => [keyId(known), createSecretKey(known)]));
  return {
    issue: ({ sessionId, generation }) => {
      const clear = `r1.${current}.${sessionId}.${generation}`;
      return `${clear}.${macOf(macKey, clear)}`;
    },
    verify: (token) => {
      const [, id = '', sessionId = '', generation = '', mac = ''] = FORMAT.exec(token) ?? [];
      const issuer = keys.get(id);
      if (issuer === undefined) return undefined;
      const expected = macOf(issuer, token.slice(0, token.lastIndexOf('.')));
      if (!timingSafeEqual(Buffer.from(expected), Buffer.from(mac))) return undefined;
      return { sessionId, generation: Number(generation) };
    },
  };
};

/** As text, which is what is compared: the last character of base64url has unused bits, and a token has one spelling. */
const macOf = (key: KeyObject, clear: string): string =>
  createHmac('sha256', key).update('ums refresh token\0').update(clear).digest('base64url');
