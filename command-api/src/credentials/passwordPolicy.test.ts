import { describe, expect, it } from '@jest/globals';
import { dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { passwordFault } from './passwordPolicy.js';

const user = { email: 'ada.byron@quillery.example', name: 'Ada Quillfeather' };
const phrase =
  'quill under seven moons, a ferry goes by; nine kites, and one slow barge with red sails and two oars left over for you and me!!';
const faultOf = (password: string) => passwordFault(password, user);

describe('password policy', () => {
  it.each([14, 129])('A-01 refuses %d code points', (length) => {
    expect(faultOf([...phrase.padEnd(140, 'zebra lamp ')].slice(0, length).join(''))).toMatch(
      /must have at (least|most)/,
    );
  });

  it.each([15, 64, 128])('A-01 accepts %d code points', (length) => {
    expect(faultOf([...phrase.padEnd(140, 'zebra lamp ')].slice(0, length).join(''))).toBeUndefined();
  });

  it('A-01 counts code points, not UTF-16 units', () => {
    const emoji = [...'🦊🐙🦉🐢🐝🦋🐬🦔🐧🐘🦒🐊🐿🐌🦀'];
    expect(faultOf(emoji.join(''))).toBeUndefined();
    expect(faultOf(emoji.slice(1).join(''))).toBe('must have at least 15 characters');
  });

  it('A-01 counts after NFC: a decomposed letter counts as one', () => {
    expect(faultOf('é'.normalize('NFD').repeat(8))).toBe('must have at least 15 characters');
  });

  it.each([
    'correct horse battery',
    'onlysmalllettersbutmany',
    'ONLY CAPITALS BUT MANY',
    '81740293645518203',
    'ada likes to sail at night',
    'my password is not that easy',
    '     wide    open     x y z',
  ])('A-01 has no composition rules: accepts %j', (password) => {
    expect(faultOf(password)).toBeUndefined();
  });

  it('A-04 refuses unpaired surrogates', () => {
    expect(faultOf('quill under \ud800 seven moons')).toBe('must be well-formed Unicode text');
  });

  it.each(['a'.repeat(16), ' '.repeat(20), 'abcabcabcabcabcabc', '12'.repeat(10), '🦊'.repeat(15)])(
    'A-02 refuses a repetition: %j',
    (password) => {
      expect(faultOf(password)).toBe('must not repeat the same few characters');
    },
  );

  it.each(['abcdefghijklmnop', '1234567890123456', 'ponmlkjihgfedcba', 'qwertyuiopasdfg'])(
    'A-02 refuses a sequence: %s',
    (password) => {
      expect(faultOf(password)).toBe('must not be a sequence of the alphabet, of digits or of the keyboard');
    },
  );

  it.each([
    'adaquillfeather1815',
    'Ada.Quillfeather.1815!',
    '--- Quillfeather ---',
    'quillery2026!!!',
    'User-Management-Service',
    'byronADAbyronADA',
  ])("A-02 refuses words of the user's name and address and of the service's name: %s", (password) => {
    expect(faultOf(password)).toBe('must not consist of your name, your email address or the name of this service');
  });

  it('A-02 refuses every common password with digits and symbols around it, in lower and upper case', () => {
    const decoration = fc.constantFrom('!', '2024!', '1', '#1#', '...', '007 ', '?!');
    const entries = dictionary.passwords.filter((password) => password.length >= 4 && /\p{L}/u.test(password));
    fc.assert(
      fc.property(fc.constantFrom(...entries), decoration, decoration, fc.boolean(), (entry, before, after, upper) => {
        const decorated = `${before}${entry}${after}`.padEnd(15, after);
        expect(faultOf(upper ? decorated.toUpperCase() : decorated)).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['123456!!!!!!!!!!', '!!!!123456!!!!!!!!', 'passwordPASSWORD', 'dragondragondragon'])(
    'A-02 refuses a common password among symbols or repeated: %s',
    (password) => {
      expect(faultOf(password)).toMatch(/common password/);
    },
  );

  it('A-02 and I-02 give a reason that never repeats the password', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 140, unit: 'binary' }), (password) => {
        expect(passwordFault(password, user)?.includes(password) ?? false).toBe(false);
      }),
    );
  });
});
