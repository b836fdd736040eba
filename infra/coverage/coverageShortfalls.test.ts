import { describe, expect, it } from '@jest/globals';
import { coverageShortfalls } from './coverageShortfalls.mjs';

const file = (path: string, covered: number, total = 100) => ({ path, covered, total });

describe('coverageShortfalls', () => {
  it('accepts 60 % of each file and 85 % of all lines', () => {
    expect(coverageShortfalls([file('a.ts', 60), file('b.ts', 110, 100), file('types.ts', 0, 0)])).toEqual([]);
  });

  it('names each file below 60 % even if the total is high enough', () => {
    expect(coverageShortfalls([file('a.ts', 59), file('b.ts', 10_000, 10_000)])).toEqual([
      'a.ts: 59.0 % of the lines covered, minimum 60 %',
    ]);
  });

  it('weights files by their number of lines', () => {
    expect(coverageShortfalls([file('a.ts', 10, 10), file('b.ts', 840, 1000)])).toEqual([
      'all files: 84.2 % of the lines covered, minimum 85 %',
    ]);
  });

  it('rejects a run that measured no file', () => {
    expect(coverageShortfalls([])).toEqual(['no file was measured']);
  });
});
