import { createHmac } from 'node:crypto';
import { keyId } from '@ums/kit/keyId';

/** A key of the service without which a stolen hash cannot be guessed at. Its id stands before every hash it made. */
export interface Pepper {
  id: string;
  key: Buffer;
}

export const pepper = (key: Buffer): Pepper => ({ id: keyId(key), key });

/**
 * What is hashed in place of the password: HMAC-SHA-384 of its NFC form, in base64. 64 characters without NUL, so that
 * bcrypt, which ignores all beyond 72 bytes, sees the whole of it (A-03; OWASP Password Storage, "pre-hashing").
 */
export const peppered = ({ key }: Pepper, password: string): string =>
  createHmac('sha384', key).update(password.normalize('NFC'), 'utf8').digest('base64');
