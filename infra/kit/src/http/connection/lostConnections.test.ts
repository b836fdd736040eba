import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { lostConnections } from './lostConnections.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('lostConnections', () => {
  it('counts those of each source within the time', () => {
    const lost = lostConnections({ most: 2, withinMs: 1_000 });
    lost.note('a');
    jest.advanceTimersByTime(500);
    expect(lost.isTooMany('a')).toBe(false);
    lost.note('a');
    lost.note('b');
    expect([lost.isTooMany('a'), lost.isTooMany('b'), lost.isTooMany('c')]).toEqual([true, false, false]);
    jest.advanceTimersByTime(500);
    expect(lost.isTooMany('a')).toBe(false);
    lost.note('a');
    expect(lost.isTooMany('a')).toBe(true);
  });
});
