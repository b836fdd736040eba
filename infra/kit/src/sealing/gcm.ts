import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** AES-256-GCM (NIST SP 800-38D) with 96-bit random nonces and 128-bit tags. */
const ALGORITHM = 'aes-256-gcm';
/** 96 bits, the size that NIST SP 800-38D recommends. */
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Encrypted {
  nonce: Buffer;
  /** Ciphertext followed by the tag. */
  ciphertext: Buffer;
}

/**
 * @param key 32 bytes. A key object because Node takes five times as long with the bytes themselves.
 * @param additionalData authenticated but not stored; `decrypt` needs the same bytes.
 * @returns a new random nonce of 12 bytes, and the ciphertext with its 16-byte tag.
 */
export const encrypt = (key: KeyObject, plain: Buffer, additionalData: Buffer): Encrypted => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(additionalData);
  return { nonce, ciphertext: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
};

/** @throws Error unless key, nonce, ciphertext and additional data are those of one encryption. */
export const decrypt = (key: KeyObject, { nonce, ciphertext }: Encrypted, additionalData: Buffer): Buffer => {
  const end = ciphertext.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(additionalData);
  decipher.setAuthTag(ciphertext.subarray(end));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]);
};
