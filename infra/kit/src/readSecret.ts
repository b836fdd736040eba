import { readFileSync, statSync } from 'node:fs';
import { InvalidSetting } from './invalidSetting.js';

const OTHER_USERS = 0o007;
const MIN_LENGTH = 16;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Reads a secret given as text or as the path of a file (K-01).
 * @param bytes when given, the secret is a key: base64 or base64url of at least that many random bytes
 * @throws InvalidSetting
 */
export const readSecret = (
  name: string,
  value: string | undefined,
  file: string | undefined,
  bytes?: number,
): string | Buffer => {
  if (value !== undefined && file !== undefined) throw new InvalidSetting(`and ${name}_FILE are both set; set one`);
  const text = file === undefined ? value : readPrivate(file);
  if (text === undefined)
    throw new InvalidSetting(`is missing (it has no default; ${name}_FILE may name a file instead)`);
  if (bytes !== undefined) return toKey(text, bytes);
  if (text.length < MIN_LENGTH) throw new InvalidSetting(`is too short: at least ${MIN_LENGTH} characters`);
  return text;
};

const readPrivate = (file: string): string => {
  let content: string;
  try {
    if ((statSync(file).mode & OTHER_USERS) !== 0)
      throw new InvalidSetting('is in a file that every user may open (chmod o-rwx)');
    content = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof InvalidSetting) throw error;
    throw new InvalidSetting('is in a file that cannot be read');
  }
  if (content === '') throw new InvalidSetting('is in a file that is empty');
  return content;
};

const toKey = (text: string, bytes: number): Buffer => {
  const key = BASE64.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (key.length < bytes) throw new InvalidSetting(`must be base64 of at least ${bytes} random bytes`);
  // Sample keys and typed keys repeat bytes; 32 random bytes practically always have at least 16 distinct values.
  if (new Set(key).size < Math.min(bytes, 32) / 2)
    throw new InvalidSetting('is not random: most of its bytes are the same');
  return key;
};
