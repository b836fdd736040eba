import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoffMs.js';

const FULL = { firstMs: 50, maxMs: 5_000 };

describe('backoffMs', () => {
  it.each([
    [1, 50],
    [2, 100],
    [7, 3_200],
    [8, 5_000],
    [100_000, 5_000],
  ])('after %d failures is between half of %d ms and all of it', (failures, fullMs) => {
    const pauses = Array.from({ length: 200 }, () => backoffMs(failures, FULL));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(fullMs / 2);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(fullMs);
    expect(new Set(pauses).size).toBeGreaterThan(100);
  });
});
