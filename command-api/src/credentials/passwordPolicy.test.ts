import { describe, expect, it } from '@jest/globals';
import { dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { passwordFault } from './passwordPolicy.js';

const owner = { email: 'ada.byron@quillery.example', name: 'Ada Quillfeather' };
const phrase =
  'quill under seven moons, a ferry goes by; nine kites, and one slow barge with red sails and two oars left over for you and me!!';
const refused = (password: string) => passwordFault(password, owner);

describe('password policy', () => {
  it.each([14, 129])('A-01 refuses %d code points', (length) => {
    expect(refused([...phrase.padEnd(140, 'zebra lamp ')].slice(0, length).join(''))).toMatch(
      /must have at (least|most)/,
    );
  });

  it.each([15, 64, 128])('A-01 takes %d code points', (length) => {
    expect(refused([...phrase.padEnd(140, 'zebra lamp ')].slice(0, length).join(''))).toBeUndefined();
  });

  it('A-01 counts code points, not UTF-16 units', () => {
    const emoji = [...'🦊🐙🦉🐢🐝🦋🐬🦔🐧🐘🦒🐊🐿🐌🦀'];
    expect(refused(emoji.join(''))).toBeUndefined();
    expect(refused(emoji.slice(1).join(''))).toBe('must have at least 15 characters');
  });

  it('A-01 counts after composition: a decomposed letter is one', () => {
    expect(refused('é'.normalize('NFD').repeat(8))).toBe('must have at least 15 characters');
  });

  it.each([
    'correct horse battery',
    'onlysmalllettersbutmany',
    'ONLY CAPITALS BUT MANY',
    '81740293645518203',
    'ada likes to sail at night',
    'my password is not that easy',
    '     wide    open     x y z',
  ])('A-01 has no rules of composition: takes %j', (password) => {
    expect(refused(password)).toBeUndefined();
  });

  it('A-04 refuses unpaired surrogates', () => {
    expect(refused('quill under \ud800 seven moons')).toBe('must be well-formed Unicode text');
  });

  it.each(['a'.repeat(16), ' '.repeat(20), 'abcabcabcabcabcabc', '12'.repeat(10), '🦊'.repeat(15)])(
    'A-02 refuses a repetition by the blocklist: %j',
    (password) => {
      expect(refused(password)).toBe('must not repeat the same few characters');
    },
  );

  it.each(['abcdefghijklmnop', '1234567890123456', 'ponmlkjihgfedcba', 'qwertyuiopasdfg'])(
    'A-02 refuses a run: %s',
    (password) => {
      expect(refused(password)).toBe('must not be a run of the alphabet or the keyboard');
    },
  );

  it.each([
    'adaquillfeather1815',
    'Ada.Quillfeather.1815!',
    '--- Quillfeather ---',
    'quillery2026!!!',
    'User-Management-Service',
    'byronADAbyronADA',
  ])("A-02 refuses the owner's and the service's own words: %s", (password) => {
    expect(refused(password)).toBe('must not be made of your name, your address or the name of this service');
  });

  it('A-02 refuses every common password with digits and signs around it, however it is written', () => {
    const decoration = fc.constantFrom('!', '2024!', '1', '#1#', '...', '007 ', '?!');
    const entries = dictionary.passwords.filter((password) => password.length >= 4 && /\p{L}/u.test(password));
    fc.assert(
      fc.property(fc.constantFrom(...entries), decoration, decoration, fc.boolean(), (entry, before, after, upper) => {
        const decorated = `${before}${entry}${after}`.padEnd(15, after);
        expect(refused(upper ? decorated.toUpperCase() : decorated)).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['123456!!!!!!!!!!', '!!!!123456!!!!!!!!', 'passwordPASSWORD', 'dragondragondragon'])(
    'A-02 refuses a common password among signs or said twice: %s',
    (password) => {
      expect(refused(password)).toMatch(/well-known/);
    },
  );

  it('A-02 and I-02 give a reason that never repeats the password', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 140, unit: 'binary' }), (password) => {
        expect(passwordFault(password, owner)?.includes(password) ?? false).toBe(false);
      }),
    );
  });
});
