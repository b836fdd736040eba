import { createHmac, randomBytes } from 'node:crypto';
import { additionalData, formatSealed, parseSealed, type SealedPlace } from '@ums/contracts/sealing';
import { decrypt, encrypt } from './gcm.js';
import { SealBroken } from './sealBroken.js';

/** A fresh 256-bit data key: one for each subject, so that destroying it is forgetting the subject. */
export const newDataKey = (): Buffer => randomBytes(32);

/**
 * Seals one value under its subject's data key, bound to its place. Two seals of one value differ.
 *
 * @param masterKeyId `MasterKeys.id`: the stored form names the master key in force.
 */
export const sealWith = (key: Buffer, place: SealedPlace, text: string, masterKeyId: string): string =>
  formatSealed({ masterKeyId, ...encrypt(key, Buffer.from(text, 'utf8'), additionalData(place)) });

/** @throws SealBroken when the value was not sealed under this key for this very place (K-02). */
export const openWith = (key: Buffer, place: SealedPlace, sealed: string): string => {
  const parts = parseSealed(sealed);
  if (parts === undefined) throw new SealBroken(place.field);
  try {
    return decrypt(key, parts, additionalData(place)).toString('utf8');
  } catch {
    throw new SealBroken(place.field);
  }
};

/** Subkey for the `request` mark of event metadata: what it marked can no longer be guessed at once the data key is gone. */
export const requestKey = (dataKey: Buffer): Buffer =>
  createHmac('sha256', dataKey).update('ums request mark').digest();
