import { createHmac } from 'node:crypto';
import { keyId } from '../keyId.js';
import { decrypt, encrypt, NONCE_BYTES } from './gcm.js';
import { SealBroken } from './sealBroken.js';

/** A data key as the vault holds it. */
export interface WrappedKey {
  /** Nonce, ciphertext, tag: 60 bytes. */
  wrapped: Buffer;
  masterKeyId: string;
}

/** The key that wraps every data key. Losing it is losing everybody; whoever has it and the vault has everybody. */
export interface MasterKeys {
  /** Named in every wrapped key and every sealed value. */
  readonly id: string;
  /** Wraps the data key of one subject, bound to that subject. */
  wrap(subject: string, dataKey: Buffer): WrappedKey;
  /** @throws SealBroken when it was wrapped for another subject, under another master key, or is damaged. */
  unwrap(subject: string, key: WrappedKey): Buffer;
}

/**
 * @param secret MASTER_KEY: at least 256 random bits in any form; the wrapping key is derived from it.
 * @param id only to name it otherwise than by its own key id.
 */
export const masterKeys = (secret: Buffer | string, id?: string): MasterKeys => {
  const key = createHmac('sha256', secret).update('ums data key wrapping').digest();
  const ownId = id ?? keyId(key);
  return {
    id: ownId,
    wrap: (subject, dataKey) => {
      const { nonce, ciphertext } = encrypt(key, dataKey, boundTo(subject));
      return { wrapped: Buffer.concat([nonce, ciphertext]), masterKeyId: ownId };
    },
    unwrap: (subject, { wrapped, masterKeyId }) => {
      if (masterKeyId !== ownId) throw new SealBroken('data key');
      const parts = { nonce: wrapped.subarray(0, NONCE_BYTES), ciphertext: wrapped.subarray(NONCE_BYTES) };
      try {
        return decrypt(key, parts, boundTo(subject));
      } catch {
        throw new SealBroken('data key');
      }
    },
  };
};

const boundTo = (subject: string): Buffer => Buffer.from(JSON.stringify(['data-key', subject]), 'utf8');
