import { createHash } from 'node:crypto';

/**
 * A short public id of a key, stored with the data the key protects: 48 bits of SHA-256 over a label and the key, as 8
 * base64url characters. It distinguishes keys and reveals nothing about them.
 */
export const keyId = (key: Buffer): string =>
  createHash('sha256').update('ums key id\0').update(key).digest().subarray(0, 6).toString('base64url');
