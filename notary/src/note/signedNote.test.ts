import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { notaryKeys } from './notaryKeys.js';
import { parseNotes } from './signedNote.js';

const name = 'ums/log';
const keys = notaryKeys({ name, key: randomBytes(32).toString('base64') });
const noteAt = (size: number): string =>
  keys.signed({ origin: name, size, root: randomBytes(32), expirable: size % 2 === 0 ? size : undefined });

it('finds the notes of a text wherever one was cut off', () => {
  const [first, torn, last] = [noteAt(1), noteAt(2), noteAt(30)];
  for (let length = 0; length < torn.length; length++) {
    const text = `${first}\n${torn.slice(0, length)}\n\n${last}\n`;
    const sizes = parseNotes(text).map(({ head }) => head.size);
    // Without its last line end only, the note is whole.
    expect(sizes).toEqual(length === torn.length - 1 ? [1, 2, 30] : [1, 30]);
    expect(parseNotes(`${first}\n${torn.slice(0, length)}`).map(({ head }) => head.size)).toEqual([1]);
  }
});

it('finds none in another text', () => {
  for (const text of ['', 'ums/log\n', noteAt(1).replace('\n\n', '\n'), noteAt(1).replace('ums/log\n', 'ums log\n')])
    expect(parseNotes(text)).toEqual([]);
});
