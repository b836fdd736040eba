import { createDecipheriv, createHmac } from 'node:crypto';

/** A row of the vault's `data_key`. */
export interface KeyRow {
  subject: string;
  wrapped: Buffer | null;
  erased_at: Date | null;
}

/** What a subject's key is: 256 bits, destroyed, or not there. */
export type Key = Buffer | 'erased' | 'missing';

/** Data keys by subject, unwrapped with the master key. @throws Error of node:crypto when one does not unwrap. */
export const keyRing = (masterKey: Buffer, rows: readonly KeyRow[]): ((subject: string) => Key) => {
  const wrapping = createHmac('sha256', masterKey).update('ums data key wrapping').digest();
  const keys = new Map(rows.map((row) => [row.subject, keyOf(wrapping, row)]));
  return (subject) => keys.get(subject) ?? 'missing';
};

/** A tombstone holds no key, and what holds a key is none: a row that is both or neither is as good as not there. */
const keyOf = (wrapping: Buffer, { subject, wrapped, erased_at: erasedAt }: KeyRow): Key => {
  if ((wrapped === null) !== (erasedAt !== null)) return 'missing';
  return wrapped === null
    ? 'erased'
    : open(wrapping, wrapped.subarray(0, 12), wrapped.subarray(12), ['data-key', subject]);
};

/** Opens `v1.<master key>.<nonce>.<ciphertext, tag>`. @throws Error when it is not what was sealed at this place. */
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
