import { describe, expect, it } from '@jest/globals';
import { inBatches } from './inBatches.js';

/** A table of so many rows to change. */
const table = (rows: number) => {
  const statements: number[] = [];
  return {
    statements,
    change: async (limit: number) => {
      const rowCount = Math.min(limit, rows);
      rows -= rowCount;
      statements.push(rowCount);
      return { rowCount };
    },
    left: () => rows,
  };
};

describe('inBatches', () => {
  it('goes on until a statement finds fewer rows than it may change', async () => {
    for (const [rows, expected] of [
      [0, [0]],
      [4_999, [4_999]],
      [10_001, [5_000, 5_000, 1]],
    ] as const) {
      const { statements, change } = table(rows);
      await inBatches(change);
      expect(statements).toEqual(expected);
    }
  });

  it('leaves the rest of very many rows to the next sweep, so that others get their turn', async () => {
    const { change, left } = table(600_000);
    await inBatches(change);
    expect(left()).toBe(100_000);
  });

  it('ends with the error of a statement', async () => {
    await expect(inBatches(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
  });
});
