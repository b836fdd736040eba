import { verify } from 'node:crypto';
import { Fault } from '../fault.js';
import { bytesOfBase64 } from '../input/base64.js';
import type { VerifierKey } from './verifierKeys.js';

const KEY_HASH_BYTES = 4;

/**
 * The key that has signed a text. The lines of a signed note (C2SP signed-note) may name other keys, too; those that are known must
 * all fit.
 *
 * @param lines the signature lines of the note, each with its line end
 * @param what names the text in messages
 * @throws Fault
 */
export const requireSigned = (
  text: string,
  lines: string,
  { keys, what }: { keys: readonly VerifierKey[]; what: string },
): VerifierKey => {
  const known = lines
    .trimEnd()
    .split('\n')
    .map(parseSignature)
    .flatMap(({ name, keyHash, signature }) =>
      keys.filter((key) => key.name === name && key.keyHash === keyHash).map((key) => ({ key, signature })),
    );
  const [first] = known;
  if (first === undefined) throw new Fault(`${what} is not signed with the key that was given.`);
  const bytes = Buffer.from(text);
  if (!known.every(({ key, signature }) => verify(null, bytes, key.object, signature)))
    throw new Fault(`${what} was changed: its signature does not fit.`);
  return first.key;
};

const parseSignature = (line: string): { name: string; keyHash: string; signature: Buffer } => {
  const [, name = '', base64 = ''] = line.split(' ');
  const bytes = bytesOfBase64(base64) ?? Buffer.alloc(0);
  return {
    name,
    keyHash: bytes.subarray(0, KEY_HASH_BYTES).toString('hex'),
    signature: bytes.subarray(KEY_HASH_BYTES),
  };
};
