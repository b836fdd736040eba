import { expect, it } from '@jest/globals';
import { dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { passwordFault } from './passwordPolicy.js';

const faultOf = (password: string) =>
  passwordFault(password, { email: 'ada.byron@quillery.example', name: 'Ada Quillfeather', appName: 'Example Club' });
const entries = dictionary.passwords.filter((password) => password.length >= 4);
const separator = fc.constantFrom('', ' ', '-', '1', '!!', ' 7 ', '_', '--');

it('A-02 refuses every common password with digits and symbols around it, in lower and upper case', () => {
  const decoration = fc.constantFrom('!', '2024!', '1', '#1#', '...', '007 ', '?!');
  const withLetters = entries.filter((entry) => /\p{L}/u.test(entry));
  fc.assert(
    fc.property(
      fc.constantFrom(...withLetters),
      decoration,
      decoration,
      fc.boolean(),
      (entry, before, after, upper) => {
        const decorated = `${before}${entry}${after}`.padEnd(15, after);
        expect(faultOf(upper ? decorated.toUpperCase() : decorated)).toBeDefined();
      },
    ),
    { numRuns: 2_000 },
  );
});

it('A-02 refuses every common password without letters that makes up half of the text', () => {
  const sign = fc.constantFrom('!', '1', '.', ' ', '0');
  const withoutLetters = entries.filter((entry) => !/\p{L}/u.test(entry));
  fc.assert(
    fc.property(fc.constantFrom(...withoutLetters), sign, sign, (entry, before, after) => {
      expect(faultOf(`${before}${entry}`.padEnd(15, after))).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
});

it('A-02 refuses every common password repeated any number of times, with separators, digits and signs around it', () => {
  const times = fc.integer({ min: 2, max: 6 });
  const repeated = fc.tuple(fc.constantFrom(...entries), separator, separator, times, fc.boolean());
  fc.assert(
    fc.property(repeated, ([entry, gap, end, n, upper]) => {
      const password = `${end}${Array(n).fill(entry).join(gap)}${end}`.padEnd(15, '!');
      expect(faultOf(upper ? password.toUpperCase() : password)).toBeDefined();
    }),
    { numRuns: 4_000 },
  );
});

it('A-02 refuses every common password with letters repeated with other separators each time', () => {
  const withLetters = entries.filter((entry) => /\p{L}/u.test(entry));
  const separators = fc.array(separator, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...withLetters), separators, (entry, ends) => {
      expect(
        faultOf(
          ends
            .map((end) => `${entry}${end}`)
            .join('')
            .padEnd(15, '!'),
        ),
      ).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ...['pa$$w0rd pa$$w0rd', 'pa$$w0rd-pa$$w0rd', 'pa$$w0rd--pa$$w0rd', 'PA$$W0RD 1 pa$$w0rd 2', 'pa$$w0rd-pa$$w0rd-pa'],
  ...['123456a1123456a', 'qwer1234 1 qwer1234', 'k.lvbkf 1 k.lvbkf', '1701 7 1701 7 1701', 'p.a.$.$.w.0.r.d.!'],
  ...['iloveyou\u3164iloveyou', 'password\u115Fpassword', 'iloveyou\uFFA0iloveyou', 'dragon\u2800dragon\uFFFCdragon'],
  ...[
    'password\u{13441}password',
    'p\u0301asswordp\u0301assword',
    'pásswordpásswordpássword',
    'pass\u00ADwordpass\u200Bword',
  ],
])('A-02 refuses a common password that holds signs, digits, accents or invisible characters: %j', (password) => {
  expect(faultOf(password)).toMatch(/common password/);
});

it.each(['love817402936475love64551820', '1701 3927 1701 6468', 'dragon 81740293 monkey 645'])(
  'A-02 accepts common passwords among more random digits than they are long, or different ones: %s',
  (password) => {
    expect(faultOf(password)).toBeUndefined();
  },
);
