import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { optional, type Reader, secret } from '@ums/kit/env';
import { validated } from '@ums/kit/validated';
import { type Jwk, publicJwk } from './jwkSet.js';

export const SIGNING_KEY_FAULT = 'must be a private key of EC P-256 in PEM';
export const PREVIOUS_KEY_FAULT = 'must be a key of EC P-256 in PEM, private or public';

/** The settings of the keys that sign access tokens, in PEM. */
export const accessTokenKeySettings = () =>
  ({
    ACCESS_TOKEN_KEY: validated(secret(), (pem) => signingKeyOf(pem) !== undefined, SIGNING_KEY_FAULT),
    ACCESS_TOKEN_KEY_PREVIOUS: optional(validated(secret(), (pem) => jwkOf(pem) !== undefined, PREVIOUS_KEY_FAULT)),
  }) satisfies Record<string, Reader<string | undefined>>;

export interface SigningKey {
  key: KeyObject;
  jwk: Jwk;
}

/** `undefined` for a text that is no private key of EC P-256 in PEM. */
export const signingKeyOf = (pem: string): SigningKey | undefined => {
  const key = read(pem, createPrivateKey);
  const jwk = key && jwkOf(pem);
  return key && jwk && { key, jwk };
};

/** The public half of a key, private or public; `undefined` for a text that is no key of EC P-256 in PEM. */
export const jwkOf = (pem: string): Jwk | undefined => {
  const key = read(pem, createPublicKey);
  return key && publicJwk(key);
};

const read = (pem: string, parse: (pem: string) => KeyObject): KeyObject | undefined => {
  try {
    return parse(pem);
  } catch {
    // The errors of OpenSSL differ between versions and say less than the sentence for the operator.
    return undefined;
  }
};
