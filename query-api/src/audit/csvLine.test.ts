import { describe, expect, it } from '@jest/globals';
import { csvLine } from './csvLine.js';

describe('csvLine', () => {
  it('separates fields by commas, and quotes those that hold a comma, a quote or a line break', () => {
    expect(csvLine(['a', '', 'b,c', 'd"e', 'f\r\ng'])).toBe('a,,"b,c","d""e","f\r\ng"\r\n');
  });

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '\n=1',
    '\0=1',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff20A',
  ])('I-07 makes text of %j, which a spreadsheet would compute', (formula) => {
    expect(csvLine([formula])).toMatch(/^"?'/);
  });

  it('leaves ids, numbers and times as they are', () => {
    const fields = ['4711', '0199c0de-0000-4000-8000-000000000001', 'UserRenamed', '2026-01-01T12:00:00.000Z'];
    expect(csvLine(fields)).toBe(`${fields.join(',')}\r\n`);
  });
});
