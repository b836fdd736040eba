import { describe, expect, it } from '@jest/globals';
import { coverageFaults } from './coverageFaults.mjs';

const file = (path: string, covered: number, total = 100) => ({ path, covered, total });

describe('coverageFaults', () => {
  it('is content with 60 % of each file and 85 % of all', () => {
    expect(coverageFaults([file('a.ts', 60), file('b.ts', 110, 100), file('types.ts', 0, 0)])).toEqual([]);
  });

  it('names each file below 60 %, however well the others do', () => {
    expect(coverageFaults([file('a.ts', 59), file('b.ts', 10_000, 10_000)])).toEqual([
      'a.ts: 59.0 % of its lines run, at least 60 % are needed',
    ]);
  });

  it('weighs all files by their lines', () => {
    expect(coverageFaults([file('a.ts', 10, 10), file('b.ts', 840, 1000)])).toEqual([
      'all files: 84.2 % of the lines run, at least 85 % are needed',
    ]);
  });

  it('does not mistake a run that measured nothing for a good one', () => {
    expect(coverageFaults([])).toEqual(['no file was measured']);
  });
});
