import { describe, expect, it } from '@jest/globals';
import { dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { consistsOfRuns } from './keyboardRuns.js';
import { passwordFault } from './passwordPolicy.js';

const faultOf = (password: string) =>
  passwordFault(password, { email: 'ada.byron@quillery.example', name: 'Ada Quillfeather', appName: 'Example Club' });

describe('A-02 refuses runs of the alphabet, of digits and of the keyboard', () => {
  it.each([
    ...[
      'abcdefabcdefabcdef',
      'abcdefgh-abcdefgh',
      'hijklmnop hijklmnop',
      '987654321987654321',
      'zyxwvutzyxwvutzyxwvut',
    ],
    ...['fghjkl fghjkl fghjkl', 'lkjhgfdsalkjhgfdsa', 'zyxwvutzyxwvutzy'],
  ])('repeated: %s', (password) => {
    expect(faultOf(password)).toBeDefined();
  });

  it.each([
    ...[
      'abcdefghijklmnop2026',
      '2024hijklmnopqrstuvw',
      '123abcdefghijklmno',
      'zyxwvutsrqponmlkj!1',
      'qwertyuiopasdf2026',
    ],
    ...['!hijklm1990nopqrst!', '00hijklmnop-hijklmnop00', '89hijklmn 07'],
  ])('with digits and signs around and between: %s', (password) => {
    expect(faultOf(`${password}!!!`)).toMatch(/sequence/);
  });

  it.each([
    ...[
      'asdfghjklqwertyuiop',
      'abcdefgh12345678',
      '12345678abcdefgh',
      'zxcvbnmasdfghjklqwertyuiop',
      'qwertyuiopa qwertyuiopa',
    ],
    ...['qwe123asd456zxc789', 'ABC-123-xyz-789-abc', '890123456789012345', 'uvwxyzabcdefghijk', '111abcdddefg222xyz'],
  ])('one after the other: %s', (password) => {
    expect(faultOf(password)).toBeDefined();
  });

  it.each([
    ...['qwertzuiopasdfghjkl', 'qwertzuiopüasdfghjklöä', 'yxcvbnmasdfghjklqwertzuiop', 'POIUZTREWQLKJHGFDSA'],
    ...['azertyuiopqsdfghjklm', 'йцукенгшщзхъфывап', 'ЯЧСМИТЬБЮ фывапролджэ', 'αβγδεζηθικλμνξο', 'абвгдежзийклмноп'],
  ])('of other keyboards and alphabets: %s', (password) => {
    expect(faultOf(password)).toBeDefined();
  });

  it.each([
    ...[
      '1qaz2wsx3edc4rfv',
      '1qay2wsx3edc4rfv5tgb',
      'zaq12wsxcde34rfv',
      'qazwsxedcrfvtgbyhnujmikol',
      '!qaz@wsx#edc$rfv',
    ],
    ...[
      '1q2w3e4r5t6y7u8i',
      'q1w2e3r4t5z6u7i8',
      'qawsedrftgyhujik',
      '1aqw2zsx3edc4rfv',
      '741852963 741852963',
      '147-258-369-147-258',
    ],
  ])('in columns and in zigzag: %s', (password) => {
    expect(faultOf(password)).toBeDefined();
  });

  it.each([
    ...[
      '!@#$%^&*()_+!@#',
      '!@#$%^&*()!@#$%',
      '!@#$%!@#$%!@#$%',
      ')(*&^%$#@!)(*&^',
      '~!@#$%^&*()_+{}|',
      '{}|:"<>?{}|:"<>?',
    ],
    ...['<>?:"{}|<>?:"{}|', '!"§$%&/()=?!"§$', '!"£$%^&*()_+!"£', '&é"\'(-è_çà&é"\'(', "-=[]\\;',./-=[]\\"],
    ...['!"·$%&/()=?¿!"·$', '!"#¤%&/()=?!"#¤%', '!"£$%&/()=?^!"£$', `!"#$%&'()=~|!"#$`, `!'^+%&/()=?_!'^+%`],
    ...[`!"#$%&'()*+,-./:;`, '!"№;%:?*()_+!"№', '!"/$%?&*()_+!"/'],
  ])('of signs: %s', (password) => {
    expect(faultOf(password)).toBeDefined();
  });

  it('cut anywhere and put together in any order, with digits around', () => {
    const sources = ['1234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertzuiop', 'asdfghjkl', '1qaz2wsx3edc4rfv'];
    const run = fc
      .tuple(fc.constantFrom(...sources), fc.nat(6), fc.integer({ min: 3, max: 9 }), fc.boolean())
      .map(([source, from, size, back]) => {
        const cut = source.slice(from, from + size).padEnd(3, source.slice(0, 3));
        return cut.length < size || from + size > source.length
          ? source.slice(0, 4)
          : back
            ? [...cut].reverse().join('')
            : cut;
      });
    fc.assert(
      fc.property(fc.array(run, { minLength: 5, maxLength: 12 }), (runs) => {
        expect(faultOf(runs.join(''))).toBeDefined();
      }),
    );
  });
});

it('calls no word of five letters or more a run', () => {
  expect(dictionary.diceware.filter((word) => word.length >= 5 && consistsOfRuns(word))).toEqual([]);
});

it.each(['', 'ab', 'abx', 'abcde1', 'xabcdef', 'abcdxefgh'])('%j does not consist of runs of three', (text) => {
  expect(consistsOfRuns(text)).toBe(false);
});
