import { createHmac, type KeyObject } from 'node:crypto';

/**
 * The lookup key of an address: HMAC-SHA-256 with the address key. Addresses can be guessed, so a plain hash would reveal
 * them.
 *
 * @param canonical from `canonicalAddress`; another spelling gives another key.
 */
export const addressMac = (addressKey: KeyObject, canonical: string): Buffer =>
  createHmac('sha256', addressKey).update(canonical, 'utf8').digest();
