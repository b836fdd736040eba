import { describe, expect, it } from '@jest/globals';
import { proofVectors } from '../../../../contracts/test/proofVectors.js';
import { testNotary } from '../../test/testNotary.js';
import { openCheckpoint, openCheckpoints } from './checkpoint.js';
import { parseVerifierKeys } from './verifierKeys.js';

describe('parseVerifierKeys', () => {
  it('reads a published key, and several keys', () => {
    // That of the Go checksum database.
    const published = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
    const keys = parseVerifierKeys(`${published}\r\n\n  ${testNotary().publicKey}`);
    expect(keys.map(({ name }) => name)).toEqual(['sum.golang.org', testNotary().origin]);
    expect(keys[0]?.keyHash).toBe('033de0ae');
  });

  const { publicKey } = testNotary('ums/log');
  it.each<[string, string, string]>([
    ['nothing', ' \n\n', 'The key file holds no key.'],
    ['another text', `${publicKey}\n-----BEGIN PUBLIC KEY-----`, 'Line 2 of the key file is no public key of the form'],
    ['another kind of key', publicKey.replace(/\+A.(?=.{42}$)/, '+AA'), 'Line 1 of the key file is'],
    [
      'another name',
      publicKey.replace('ums/log', 'ums/other'),
      'Line 1 of the key file is damaged: the hash is not that',
    ],
  ])('F-15 refuses %s', (_, text, message) => {
    expect(() => parseVerifierKeys(text)).toThrow(message);
  });
});

describe('openCheckpoints', () => {
  const { key, note } = proofVectors().checkpoint;
  const counted = proofVectors().countedCheckpoint.note;
  const keys = parseVerifierKeys(key);

  it('G-07 opens the published note', () => {
    const { root, ...head } = openCheckpoint(note, keys, 'It');
    expect(head).toEqual({ origin: 'ums/0199c0de-0000-4000-8000-000000000000', size: 8 });
    expect(root.toString('hex')).toBe(proofVectors().tree.roots[8]);
    expect(openCheckpoint(counted, keys, 'It')).toEqual({ ...head, root, expirable: 3 });
    expect(() => openCheckpoint(counted.replace('expirable 3', 'expirable 2'), keys, 'It')).toThrow('was changed');
    expect(() => openCheckpoint(counted.replace('ums-expirable 3\n', ''), keys, 'It')).toThrow('was changed');
  });

  it('opens notes that follow each other with and without empty lines, and passes over one that was cut off', () => {
    const notary = testNotary();
    const own = parseVerifierKeys(notary.publicKey);
    const notes = [1, 2, 30].map((size) => notary.sign(size, Buffer.alloc(32, size)));
    const sizes = (text: string) => openCheckpoints(text, own, 'It').map(({ size }) => size);
    expect(sizes(notes.join(''))).toEqual([1, 2, 30]);
    expect(sizes(notes.join('\n').trimEnd())).toEqual([1, 2, 30]);
    const [first = '', torn = '', last = ''] = notes;
    for (let length = 0; length < torn.length - 1; length += 1)
      expect(sizes(`${first}\n${torn.slice(0, length)}\n\n${last}`)).toEqual([1, 30]);
  });

  it('G-08 refuses the published note with any one bit flipped', () => {
    const original = Buffer.from(note);
    for (let bit = 0; bit < original.length * 8; bit += 1) {
      const flipped = Buffer.from(original);
      flipped[bit >> 3] = (original[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => openCheckpoint(flipped.toString('utf8'), keys, 'It')).toThrow(/^It/);
    }
  });

  it('F-15 refuses a text without notes', () => {
    expect(() => openCheckpoints('nothing\n', keys, 'The file "a"')).toThrow(
      'The file "a" holds no signed checkpoint.',
    );
  });
});
