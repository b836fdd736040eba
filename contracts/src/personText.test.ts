import { describe, expect, it } from '@jest/globals';
import { personText } from './personText.js';

describe('personText', () => {
  it.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['  Ada\u00A0Lovelace\u3000\n', 'Ada\u00A0Lovelace'],
    ['Zoe\u0308', 'Zoë'],
    ['李小龍', '李小龍'],
    ['محمد', 'محمد'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['क्\u200Dष', 'क्\u200Dष'],
    ['葛\u{E0100}城', '葛\u{E0100}城'],
    ['\u{1F469}\u200D\u{1F4BB}', '\u{1F469}\u200D\u{1F4BB}'],
    ['\u2764\uFE0F\u200D\u{1F525}', '\u2764\uFE0F\u200D\u{1F525}'],
    ['\u{1F469}\u{1F3FD}\u200D\u2695\uFE0F', '\u{1F469}\u{1F3FD}\u200D\u2695\uFE0F'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['…', '…'],
    ['\u{13000}\u{13443}', '\u{13000}\u{13443}'],
    ['\u{1D157}\u{1D15F}', '\u{1D157}\u{1D15F}'.normalize('NFC')],
    ['\u2801\u28FF', '\u2801\u28FF'],
    ['\u303F', '\u303F'],
    ['\u{1F600}'.repeat(100), '\u{1F600}'.repeat(100)],
    ['e\u0301'.repeat(100), 'é'.repeat(100)],
    ['Nguyễn Thị Ế', 'Nguyễn Thị Ế'],
    ['\u0F67\u0F71\u0F74\u0F83', '\u0F67\u0F71\u0F74\u0F83'],
    ['\u05E9\u05C1\u05BC\u05B8\u0591', '\u05E9\u05C1\u05BC\u05B8\u0591'.normalize('NFC')],
  ])('takes %j', (written, stored) => {
    expect(personText(written, 100)).toBe(stored);
    expect(personText(stored, 100)).toBe(stored);
  });

  it.each([
    ['is empty', ''],
    ['is blank', ' \t\u3000'],
    ['is a blank of braille', '\u2800'],
    ['is a note without a head', '\u{1D159}'],
    ['is a full blank of hieroglyphs', '\u{13441}'],
    ['is a half blank of hieroglyphs', '\u{13442}'],
    ['is the place of an object', '\uFFFC'],
    ['has the place of an object', 'Ada\uFFFCLovelace'],
    ['is a joiner alone', '\u200D'],
    ['is a combining mark alone', '\u0301'],
    ['has five marks on a letter', 'A\u0315\u031B\u0321\u0334\u0335da'],
    ['has four marks on a letter with one', '\u00C1\u0315\u031B\u0321\u0334da'],
    ['has enclosing marks on a letter', `A${'\u20DD'.repeat(5)}`],
    ['has 101 code points', '\u{1F600}'.repeat(101)],
    ['has a line feed inside', 'Ada\nLovelace'],
    ['has NUL', 'Ada\0'],
    ['has DEL', 'Ada\u007fB'],
    ['has a C1 control', 'Ada\u0086B'],
    ['has half a surrogate pair', 'Ada\ud83d'],
    ['has a zero-width space', 'Ada\u200BLovelace'],
    ['ends with a joiner', 'Ada\u200D'],
    ['has a joiner between blanks', 'Ada \u200D Lovelace'],
    ['has a soft hyphen', 'Ada\u00ADLovelace'],
    ['has a word joiner', 'Ada\u2060Lovelace'],
    ['has a bidirectional override', 'Ada\u202EecalevoL'],
    ['has a bidirectional isolate', 'Ada\u2066Lovelace'],
    ['has a line separator', 'Ada\u2028Lovelace'],
    ['has a paragraph separator', 'Ada\u2029Lovelace'],
    ['has a private character', 'Ada\uE000'],
    ['has an unassigned character', 'Ada\u0378'],
    ['has a noncharacter', 'Ada\uFFFE'],
    ['is a Hangul filler', '\u3164'],
    ['has tag characters', 'Ada\u{E0041}'],
    ['has a variation selector behind a blank', 'Ada \uFE0F'],
    ['has a byte order mark inside', 'Ada\uFEFFLovelace'],
  ])('I-03 refuses text that %s', (_, written) => {
    expect(personText(written, 100)).toBeUndefined();
  });
});

it('keeps a joiner behind a virama where the word ends, and none that stands alone or twice', () => {
  for (const name of ['\u0D05\u0D28\u0D3F\u0D32\u0D4D\u200D', '\u0D30\u0D4D\u200D \u0D0E', '\u0D9A\u0DCA\u200D'])
    expect(personText(name, 100)).toBe(name);
  for (const name of ['x\u200D', '\u200Dab', '\u0D32\u0D4D\u200D\u200D', '\u200D'])
    expect(personText(name, 100)).toBeUndefined();
});

const flag = (region: string): string =>
  `\u{1F3F4}${[...region].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join('')}\u{E007F}`;

it('I-03 keeps the controls of Mongolian letters and the flags of regions where they belong, and nowhere else', () => {
  const kept = [
    '\u1828\u1820\u1837\u180E\u1820',
    '\u182D\u180B\u1820',
    '\u1828\u1820\u182D\u180B\u180E\u1820',
    `Ewan ${flag('gbsct')}${flag('gbeng')}`,
    flag('gbwls'),
  ];
  for (const name of kept) expect(personText(name, 100)).toBe(name);
  const refused = [
    '\u1828\u180E',
    '\u1828\u180E\u180E\u1820',
    '\u1828\u180B\u180B',
    '\u180B\u1820',
    'a\u180Eb',
    'a\u180B',
    flag('usca'),
    flag('gbsct').slice(0, -2),
    flag('gbsct').slice(2),
  ];
  for (const name of refused) expect(personText(name, 100)).toBeUndefined();
});
