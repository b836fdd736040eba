import { describe, expect, it } from '@jest/globals';
import { personName } from './personName.js';

describe('personName', () => {
  it.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['  ', '  '],
    ['Zoe\u0308', 'Zoë'],
    ['李小龍', '李小龍'],
    ['\u{1F469}\u200D\u{1F4BB}', '\u{1F469}\u200D\u{1F4BB}'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['\u{1F600}'.repeat(100), '\u{1F600}'.repeat(100)],
    ['e\u0301'.repeat(100), 'é'.repeat(100)],
  ])('takes %j', (written, stored) => {
    expect(personName(written)).toBe(stored);
  });

  it.each([
    ['empty', ''],
    ['of 101 code points', '\u{1F600}'.repeat(101)],
    ['with a line feed', 'Ada\nLovelace'],
    ['with NUL', 'Ada\0'],
    ['with DEL', 'Ada\u007f'],
    ['with a C1 control', 'Ada\u0085'],
    ['with an unpaired surrogate', 'Ada\ud83d'],
  ])('I-03 refuses a name %s', (_, written) => {
    expect(personName(written)).toBeUndefined();
  });
});
