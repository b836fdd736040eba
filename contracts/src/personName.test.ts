import { expect, it } from '@jest/globals';
import { personName } from './personName.js';

it('takes names of 1 to 100 code points, without the white space around them', () => {
  expect(personName(' Ada Lovelace ')).toBe('Ada Lovelace');
  expect(personName('a'.repeat(100))).toHaveLength(100);
  for (const written of ['', '  ', 'a'.repeat(101)]) expect(personName(written)).toBeUndefined();
});
