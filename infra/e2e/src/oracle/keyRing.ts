import { createDecipheriv, createHmac } from 'node:crypto';

/** A row of the vault's `data_key`. */
export interface KeyRow {
  subject: string;
  wrapped: Buffer | null;
  erased_at: Date | null;
}

/** Key of a subject: 256 bits, destroyed by an erasure, or without a row. */
export type Key = Buffer | 'erased' | 'missing';

/** Unwraps all data keys. @returns lookup by subject @throws Error of node:crypto when a key cannot be unwrapped */
export const keyRing = (masterKey: Buffer, rows: readonly KeyRow[]): ((subject: string) => Key) => {
  const wrapping = createHmac('sha256', masterKey).update('ums data key wrapping').digest();
  const keys = new Map(rows.map((row) => [row.subject, keyOf(wrapping, row)]));
  return (subject) => keys.get(subject) ?? 'missing';
};

/** A row has either a key or the time of an erasure; a row with both or neither counts as missing. */
const keyOf = (wrapping: Buffer, { subject, wrapped, erased_at: erasedAt }: KeyRow): Key => {
  if ((wrapped === null) !== (erasedAt !== null)) return 'missing';
  return wrapped === null
    ? 'erased'
    : open(wrapping, wrapped.subarray(0, 12), wrapped.subarray(12), ['data-key', subject]);
};

/**
 * Opens `v1.<master key id>.<nonce>.<ciphertext and tag>`.
 * @param place subject, event type, event id and field; authenticated as additional data
 * @throws Error when the value was not sealed for this place
 */
export const unseal = (key: Buffer, sealed: unknown, place: readonly string[]): string => {
  const [version, , nonce = '', ciphertext = ''] = String(sealed).split('.');
  if (version !== 'v1') throw new Error('not a sealed value');
  return open(key, Buffer.from(nonce, 'base64url'), Buffer.from(ciphertext, 'base64url'), place).toString('utf8');
};

const open = (key: Buffer, nonce: Buffer, bytes: Buffer, bound: readonly string[]): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(JSON.stringify(bound)));
  decipher.setAuthTag(bytes.subarray(bytes.length - 16));
  return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - 16)), decipher.final()]);
};
