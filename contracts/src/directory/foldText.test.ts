import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldText } from './foldText.js';

describe('foldText', () => {
  it.each([
    ['Ada Lovelace', 'ada lovelace'],
    ['Zoë', 'zoe'],
    ['Zoe\u0308', 'zoe'],
    ['ÅNGSTRÖM', 'angstrom'],
    ['Nguyễn Thị Ánh', 'nguyen thi anh'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['Łukasz Đorđević', 'lukasz dordevic'],
    ['Søren Æbelø', 'soren aebelo'],
    ['Þórður', 'thordur'],
    ['İbrahim Işık', 'ibrahim isik'],
    ['ılgaz', 'ilgaz'],
    ['ΟΔΥΣΣΕΎΣ', 'οδυσσευσ'],
    ['Οδυσσεύς', 'οδυσσευσ'],
    ['ЁЛКИН', 'елкин'],
    ['ﬁona', 'fiona'],
    ['Ａｄａ', 'ada'],
    ['\u212Aim', 'kim'],
    ['שָׁלוֹם', 'שלום'],
    ['أحمد', 'احمد'],
    ['مُحَمَّد', 'محمد'],
    ['कि', 'कि'],
    ['李小龍', '李小龍'],
    ['葛\u{E0100}城', '葛城'],
    ['O’Brien', "o'brien"],
    ['Anne‐Marie', 'anne-marie'],
    [' Ada\u00A0\u3000 King ', 'ada king'],
    ['\u200D', ''],
  ])('folds %j to %j', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it('folds ASCII alone as it does beside other characters', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(fc.property(ascii, (text) => expect(foldText(text)).toBe(foldText(`${text}\u200D`))));
  });

  it('finds a name by what was typed of it so far', () => {
    for (const name of ['Οδυσσεύς', 'Straße', 'İbrahim', '한국', 'Łukasz'])
      for (let length = 1; length <= name.length; length += 1)
        expect(foldText(name).startsWith(foldText(name.slice(0, length)))).toBe(true);
  });

  it('changes nothing about a folded text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
