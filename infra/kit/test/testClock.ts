import type { Clock } from '@ums/kit/clock';

export interface TestClock extends Clock {
  advance(ms: number): void;
}

/** A clock that only moves when `advance` is called. */
export const testClock = (start = '2026-01-01T12:00:00.000Z'): TestClock => {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
  };
};

/**
 * A clock that stands still now. A service with it never meets the end of a window or a delay during a test, and differs from the
 * clock of its database by the duration of the test.
 */
export const stoppedClock = (): TestClock => testClock(new Date().toISOString());
