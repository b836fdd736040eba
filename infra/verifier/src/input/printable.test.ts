import { expect, it } from '@jest/globals';
import { printable } from './printable.js';

it.each([
  ['log.example.org/ümläut', 'log.example.org/ümläut'],
  ['a\u001b[2Jb\r\n', 'a?[2Jb??'],
  ['\u202efdp\u2028', '?fdp?'],
  ['x'.repeat(121), `${'x'.repeat(120)}...`],
  [`${'x'.repeat(119)}\u{1f600}`, `${'x'.repeat(119)}?...`],
])('shows %j as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
