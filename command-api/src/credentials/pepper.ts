import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { keyId } from '@ums/kit/keyId';

/** A secret key without which guesses cannot be tested against a stolen hash. Every hash is stored with its pepper's id. */
export interface Pepper {
  id: string;
  key: KeyObject;
}

/** The id derives from the key, so that a hash finds its pepper after the current one was replaced. */
export const createPepper = (key: Buffer): Pepper => ({ id: keyId(key), key: createSecretKey(key) });

/**
 * The text that is hashed in place of the password: HMAC-SHA-384 of its NFC form, in base64. It has 64 characters and no
 * NUL, so bcrypt, which stops at NUL and at 72 bytes, reads all of it (A-03; OWASP Password Storage, "pre-hashing").
 */
export const peppered = ({ key }: Pepper, password: string): string =>
  createHmac('sha384', key).update(password.normalize('NFC'), 'utf8').digest('base64');
