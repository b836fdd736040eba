import { describe, expect, it } from '@jest/globals';
import { Refused } from '../refused.js';
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

  it('F-36 measures that the event loop was blocked and has recovered', async () => {
    eventLoopDelayMs();
    const blockedUntil = performance.now() + 250;
    while (performance.now() < blockedUntil);
    while (eventLoopDelayMs() === 0) await new Promise(setImmediate);
    expect(eventLoopDelayMs()).toBeGreaterThan(100);
    while (eventLoopDelayMs() > 100) await new Promise(setImmediate);
  });
});
