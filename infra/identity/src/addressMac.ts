import { createHmac } from 'node:crypto';

/**
 * What an address is looked up by: HMAC-SHA-256 under the address key. A plain hash would be as good as the address,
 * which anybody can guess.
 *
 * @param canonical from `canonicalAddress`; any other spelling is another address.
 */
export const addressMac = (addressKey: Buffer, canonical: string): Buffer =>
  createHmac('sha256', addressKey).update(canonical, 'utf8').digest();
