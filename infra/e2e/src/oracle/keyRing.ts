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
  const keys = new Map<string, Key>(
    rows.map(({ subject, wrapped }) => [
      subject,
      wrapped === null
        ? 'erased'
        : open(wrapping, wrapped.subarray(0, 12), wrapped.subarray(12), ['data-key', subject]),
    ]),
  );
  return (subject) => keys.get(subject) ?? 'missing';
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
