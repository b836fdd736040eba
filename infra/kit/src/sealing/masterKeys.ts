import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { keyId } from '../keyId.js';
import { decrypt, encrypt, NONCE_BYTES } from './gcm.js';
import { SealBroken } from './sealBroken.js';

/** A data key as the vault stores it. */
export interface WrappedKey {
  /** 60 bytes: nonce, ciphertext, tag. */
  wrapped: Buffer;
  masterKeyId: string;
}

/**
 * The key that wraps every data key. If it is lost, no personal data can be decrypted; with it and the vault, all of it
 * can.
 */
export interface MasterKeys {
  /** Stored with every wrapped key and sealed value. */
  readonly id: string;
  /** Wraps a data key; it can be unwrapped for this subject only. */
  wrap(subject: string, dataKey: KeyObject): WrappedKey;
  /** @throws SealBroken when the key was wrapped for another subject or with an unknown master key, or is damaged. */
  unwrap(subject: string, key: WrappedKey): KeyObject;
}

/**
 * @param secret MASTER_KEY: at least 256 random bits in any encoding; the wrapping key and its id are derived from it.
 * @param previous other secrets that keys are unwrapped with, while MASTER_KEY is being replaced. Nothing is wrapped with them.
 */
export const masterKeys = (secret: Buffer | string, previous: readonly (Buffer | string)[] = []): MasterKeys => {
  const { id, key } = wrappingKey(secret);
  const known = new Map([...previous.map(wrappingKey), { id, key }].map((one) => [one.id, one.key]));
  return {
    id,
    wrap: (subject, dataKey) => {
      const { nonce, ciphertext } = encrypt(key, dataKey.export(), boundTo(subject));
      return { wrapped: Buffer.concat([nonce, ciphertext]), masterKeyId: id };
    },
    unwrap: (subject, { wrapped, masterKeyId }) => {
      const wrappedWith = known.get(masterKeyId);
      if (wrappedWith === undefined) throw new SealBroken('data key');
      const parts = { nonce: wrapped.subarray(0, NONCE_BYTES), ciphertext: wrapped.subarray(NONCE_BYTES) };
      try {
        return createSecretKey(decrypt(wrappedWith, parts, boundTo(subject)));
      } catch {
        throw new SealBroken('data key');
      }
    },
  };
};

const wrappingKey = (secret: Buffer | string): { id: string; key: KeyObject } => {
  const wrapping = createHmac('sha256', secret).update('ums data key wrapping').digest();
  return { id: keyId(wrapping), key: createSecretKey(wrapping) };
};

const boundTo = (subject: string): Buffer => Buffer.from(JSON.stringify(['data-key', subject]), 'utf8');
