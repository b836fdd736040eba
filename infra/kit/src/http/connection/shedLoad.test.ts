import { describe, expect, it, jest } from '@jest/globals';
import { Refused } from '../../refused.js';
import { eventLoopDelayMs, shedLoad } from './shedLoad.js';

const passes = (delayMs: number): boolean => {
  let passed = false;
  shedLoad(() => delayMs)({} as never, {} as never, () => {
    passed = true;
  });
  return passed;
};

describe('shedLoad', () => {
  it('F-36 refuses requests while the event loop is more than a second late', () => {
    expect(passes(0)).toBe(true);
    expect(passes(1_000)).toBe(true);
    expect(() => passes(1_001)).toThrow(new Refused('busy'));
  });

  it('stops measuring when no request came for ten seconds, and measures again with the next one', () => {
    jest.useFakeTimers();
    try {
      const before = jest.getTimerCount();
      eventLoopDelayMs();
      expect(jest.getTimerCount()).toBe(before + 1);
      jest.advanceTimersByTime(9_900);
      expect(jest.getTimerCount()).toBe(before + 1);
      jest.advanceTimersByTime(200);
      expect(jest.getTimerCount()).toBe(before);
      eventLoopDelayMs();
      expect(jest.getTimerCount()).toBe(before + 1);
      // Blocked for longer than that: the requests that waited must still be refused.
      jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 12_000);
      jest.advanceTimersByTime(100);
      expect(eventLoopDelayMs()).toBeGreaterThan(11_000);
      jest.restoreAllMocks();
      jest.advanceTimersByTime(30_000);
      expect(jest.getTimerCount()).toBe(before);
    } finally {
      jest.restoreAllMocks();
      jest.useRealTimers();
    }
  });

  it('F-36 measures that the event loop was blocked and has recovered', async () => {
    eventLoopDelayMs();
    const blockedUntil = performance.now() + 250;
    while (performance.now() < blockedUntil);
    while (eventLoopDelayMs() === 0) await new Promise(setImmediate);
    expect(eventLoopDelayMs()).toBeGreaterThan(100);
    while (eventLoopDelayMs() > 100) await new Promise(setImmediate);
  });
});
