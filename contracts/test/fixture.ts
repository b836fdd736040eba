import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { additionalData, formatSealed, parseSealed } from '@ums/contracts/sealing';
import type { Open, Seal } from '@ums/contracts/stored/storedForm';

/** One stored version as it was first written, and what it must always decode to. */
export interface Fixture {
  recorded: RecordedEvent;
  reads: { type: string; data: Record<string, unknown> };
}

const DIR = join(import.meta.dirname, '../fixtures');

/** The data key of every subject in the fixtures. */
export const FIXTURE_KEY = createHash('sha256').update('data key of the fixtures').digest();

export const fixtureNames = (): string[] => readdirSync(DIR).map((file) => file.replace(/\.json$/, ''));

export const readFixture = (storedName: string): Fixture => {
  const { recorded, reads } = JSON.parse(readFileSync(join(DIR, `${storedName}.json`), 'utf8'));
  const { revision, position, ...rest } = recorded;
  return { recorded: { ...rest, revision: BigInt(revision), position: BigInt(position) }, reads };
};

const TAG_BYTES = 16;

/** Opens the sealed form by its specification, independent of the kit: both must open what was once written. */
export const open: Open = (place, sealed) => {
  const parts = parseSealed(sealed);
  if (parts === undefined) throw new Error('not a sealed value');
  const { nonce, ciphertext } = parts;
  const decipher = createDecipheriv('aes-256-gcm', FIXTURE_KEY, nonce).setAAD(additionalData(place));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  return `${decipher.update(ciphertext.subarray(0, -TAG_BYTES), undefined, 'utf8')}${decipher.final('utf8')}`;
};

/** Seals under the fixtures' key, with a fixed nonce. */
export const seal: Seal = (place, text) => {
  const nonce = Buffer.alloc(12, 7);
  const cipher = createCipheriv('aes-256-gcm', FIXTURE_KEY, nonce).setAAD(additionalData(place));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return formatSealed({ masterKeyId: 'mk000001', nonce, ciphertext });
};
