import { describe, expect, it } from '@jest/globals';
import { BENCH_PARTS } from './bench.js';
import { chooseParts } from './chooseParts.js';

const WHY = 'The program java is not installed.';

describe('chooseParts', () => {
  it('chooses all parts without arguments', () => {
    expect(chooseParts([], () => [])).toEqual({ parts: BENCH_PARTS, notes: [] });
  });

  it('leaves the real engines out where they cannot run, and says why', () => {
    const { parts, notes } = chooseParts([], () => [WHY]);
    expect(parts).toEqual(BENCH_PARTS.filter((part) => part !== 'engines'));
    expect(notes).toEqual([`The part engines is left out. ${WHY}`]);
  });

  it('looks for what the real engines need on this machine', () => {
    const { parts, notes } = chooseParts([]);
    expect(parts.includes('engines')).toBe(notes.length === 0);
  });

  it('chooses the parts that are named, in the order of the bench', () => {
    expect(chooseParts(['engines', 'counts'], () => [WHY])).toEqual({ parts: ['counts', 'engines'], notes: [] });
  });

  it('chooses nothing when an argument names no part', () => {
    expect(chooseParts(['counts', 'cuonts'], () => [])).toEqual({
      parts: [],
      notes: [`The bench has no part "cuonts", only ${BENCH_PARTS.join(', ')}.`],
    });
  });
});
