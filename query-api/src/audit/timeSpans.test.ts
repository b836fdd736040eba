import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timeSpans } from './timeSpans.js';

const MINUTE = 60_000;
const YEAR = 525_600;
const minutesOf = (ranges: ReturnType<typeof timeSpans>): [number, number][] =>
  ranges.map(({ minutes, from, to }): [number, number] => [minutes * from, minutes * to]).sort(([a], [b]) => a - b);

describe('timeSpans', () => {
  it('cover a range without gap or overlap, from its first minute to its last', () => {
    const moment = fc.integer({ min: -30 * YEAR * MINUTE, max: 90 * YEAR * MINUTE });
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const ranges = minutesOf(timeSpans([first, last]));
        expect(ranges[0]?.[0]).toBe(Math.floor(first / MINUTE));
        expect(ranges.at(-1)?.[1]).toBe(Math.floor(last / MINUTE) + 1);
        for (const [index, [begin]] of ranges.slice(1).entries()) expect(begin).toBe(ranges[index]?.[1]);
      }),
    );
  });

  it('are whole spans, few of each length', () => {
    const start = Date.UTC(2026, 0, 31, 23, 59, 30);
    const ranges = timeSpans([start, start + 10 * YEAR * MINUTE]);
    for (const { from, to } of ranges) expect([from, to].every(Number.isSafeInteger)).toBe(true);
    expect(ranges.reduce((count, { from, to }) => count + to - from, 0)).toBeLessThan(350);
  });

  it('have no end where the range has none', () => {
    const ranges = minutesOf(timeSpans([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]));
    expect((ranges[0]?.[0] ?? 0) * MINUTE).toBeLessThanOrEqual(-8.64e15);
    expect((ranges.at(-1)?.[1] ?? 0) * MINUTE).toBeGreaterThan(8.64e15);
  });
});
