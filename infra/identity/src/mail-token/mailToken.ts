import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { UUID_PATTERN } from '@ums/contracts/uuid';
import { keyId } from '@ums/kit/keyId';

/** What a mailed link does: confirm a registration, confirm a new address, undo a change of the address, or set a new password. */
export type MailTokenPurpose = 'confirm' | 'change' | 'undo' | 'reset';

/** The unencrypted part of a mailed token. Not to be trusted until `verify` confirms it for the address it was mailed to. */
export interface MailToken {
  purpose: MailTokenPurpose;
  /** UUIDs of the subjects of the token, one to three. */
  ids: string[];
  /** In whole seconds. */
  expires: Date;
  /** Epoch in which the token was issued, if a revocation must invalidate it. */
  epoch: bigint | undefined;
}

export interface MailTokens {
  /** Up to 300 characters that are unreserved in URLs (RFC 3986 §2.3). Derived: nothing is stored, and a repeat gives the same token. */
  issue(token: Omit<MailToken, 'epoch'> & { epoch?: bigint | undefined; addressMac: Buffer }): string;
  /** The content of a well-formed token, unverified and possibly expired. */
  read(token: string): MailToken | undefined;
  /** Whether the token was issued for this address with a current or previous key, in constant time. Does not check expiry. */
  verify(token: string, addressMac: Buffer): boolean;
}

const PURPOSES: readonly string[] = ['confirm', 'change', 'undo', 'reset'] satisfies MailTokenPurpose[];
const TOKEN_FORM = new RegExp(
  `^v1\\.([A-Za-z0-9_-]{8})\\.([a-z-]{1,20})\\.(${UUID_PATTERN}(?:~${UUID_PATTERN}){0,2})\\.([1-9][0-9]{0,11})\\.([0-9]{0,20})\\.([A-Za-z0-9_-]{43})$`,
);

/** @param previous former keys, whose tokens stay valid until they expire. */
export const mailTokens = (key: Buffer, previous: readonly Buffer[] = []): MailTokens => {
  const current = keyId(key);
  const signing = createSecretKey(key);
  const keys = new Map([...previous, key].map((known) => [keyId(known), createSecretKey(known)]));
  return {
    issue: ({ purpose, ids, addressMac, expires, epoch }) => {
      const seconds = Math.floor(expires.getTime() / 1000);
      const clear = `v1.${current}.${purpose}.${ids.join('~')}.${seconds}.${epoch ?? ''}`;
      return `${clear}.${macOf(signing, clear, addressMac)}`;
    },
    read: (token) => {
      const match = TOKEN_FORM.exec(token);
      if (match === null || !PURPOSES.includes(match[2] ?? '')) return undefined;
      const [, , purpose, ids, seconds, epoch] = match as unknown as [
        string,
        string,
        MailTokenPurpose,
        string,
        string,
        string,
      ];
      const expires = new Date(Number(seconds) * 1000);
      return { purpose, ids: ids.split('~'), expires, epoch: epoch === '' ? undefined : BigInt(epoch) };
    },
    verify: (token, addressMac) => {
      const match = TOKEN_FORM.exec(token);
      const issuer = keys.get(match?.[1] ?? '');
      if (match === null || issuer === undefined) return false;
      const clear = token.slice(0, token.lastIndexOf('.'));
      return timingSafeEqual(Buffer.from(macOf(issuer, clear, addressMac)), Buffer.from(match[6] ?? ''));
    },
  };
};

/**
 * The length prefix separates the address MAC from the clear part unambiguously. As text, which is what is compared: the last
 * character of base64url has unused bits, and a token has one spelling.
 */
const macOf = (key: KeyObject, clear: string, addressMac: Buffer): string =>
  createHmac('sha256', key)
    .update(`ums mail token\0${addressMac.length}\0`)
    .update(addressMac)
    .update(clear)
    .digest('base64url');
