import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { UnusableInput } from '../fault.js';

/** A public key of a notary. */
export interface VerifierKey {
  name: string;
  /** Four bytes in hex that tell keys of one name apart. */
  keyHash: string;
  object: KeyObject;
}

const LINE = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/;
const ED25519_TYPE = 1;

/**
 * The keys of a public key file: C2SP verifier keys, one a line.
 *
 * @throws UnusableInput for another form, for a hash that is not that of its key, and for a file without keys.
 */
export const parseVerifierKeys = (text: string): VerifierKey[] => {
  const keys = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => parseKey(line, number));
  if (keys.length === 0) throw new UnusableInput('The key file holds no key.');
  return keys;
};

const parseKey = (line: string, number: number): VerifierKey => {
  const [, name, keyHash, base64] = LINE.exec(line) ?? [];
  const typed = Buffer.from(base64 ?? '', 'base64');
  if (name === undefined || keyHash === undefined || typed[0] !== ED25519_TYPE)
    throw new UnusableInput(`Line ${number} of the key file is no public key of the form <name>+<hash>+<key>.`);
  if (createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8) !== keyHash)
    throw new UnusableInput(`Line ${number} of the key file is damaged: the hash is not that of its key.`);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') };
  return { name, keyHash, object: createPublicKey({ key: jwk, format: 'jwk' }) };
};
