import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { alignedInterval } from './alignedInterval.js';

describe('alignedInterval', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('makes timers of one period fire together, whenever they were started', () => {
    const calls: string[] = [];
    alignedInterval(100, () => calls.push('a'));
    jest.advanceTimersByTime(30);
    const stop = alignedInterval(100, () => calls.push('b'));
    jest.advanceTimersByTime(70);
    expect(calls).toEqual(['a', 'b']);
    jest.advanceTimersByTime(99);
    expect(calls).toEqual(['a', 'b']);
    jest.advanceTimersByTime(1);
    expect(calls).toEqual(['a', 'b', 'a', 'b']);
    stop();
    jest.advanceTimersByTime(100);
    expect(calls).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('stops before the first call', () => {
    const work = jest.fn();
    alignedInterval(100, work)();
    jest.advanceTimersByTime(300);
    expect(work).not.toHaveBeenCalled();
  });
});
