import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { additionalData, formatSealed, parseSealed, type SealedPlace } from '@ums/contracts/sealing';
import { decrypt, encrypt } from './gcm.js';
import { SealBroken } from './sealBroken.js';

/** A new 256-bit data key. Each subject has one; destroying it makes the subject's data unreadable. */
export const newDataKey = (): KeyObject => createSecretKey(randomBytes(32));

/**
 * Seals a value with its subject's data key, bound to its place. Sealing a value twice gives different results.
 *
 * @param masterKeyId `MasterKeys.id`; stored with the value.
 */
export const sealWith = (key: KeyObject, place: SealedPlace, text: string, masterKeyId: string): string =>
  formatSealed({ masterKeyId, ...encrypt(key, Buffer.from(text, 'utf8'), additionalData(place)) });

/** @throws SealBroken unless the value was sealed with this key for exactly this place (K-02). */
export const openWith = (key: KeyObject, place: SealedPlace, sealed: string): string => {
  const parts = parseSealed(sealed);
  if (parts === undefined) throw new SealBroken(place.field);
  try {
    return decrypt(key, parts, additionalData(place)).toString('utf8');
  } catch {
    throw new SealBroken(place.field);
  }
};

/**
 * Subkey for the idempotency record in event metadata (`request`). Once the data key is destroyed, the recorded request
 * can no longer be guessed and confirmed.
 */
export const requestKey = (dataKey: KeyObject): KeyObject =>
  createSecretKey(createHmac('sha256', dataKey).update('ums request mark').digest());
