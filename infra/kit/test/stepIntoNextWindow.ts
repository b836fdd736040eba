import { jest } from '@jest/globals';
import { WINDOW_MS } from '@ums/kit/queue/slotTimes';

/**
 * Steps the monotonic clock to `ms` after the beginning of the next window in which the use of slots is counted. A step of only
 * `ms` may cross that beginning, and then a shorter use counts.
 *
 * The step looks like a blocked event loop at first, for which a service refuses requests as `busy`: tests must ask again.
 *
 * @returns steps back
 */
export const stepIntoNextWindow = (ms: number): (() => void) => {
  const now = performance.now.bind(performance);
  const step = WINDOW_MS - (now() % WINDOW_MS) + ms;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + step);
  return () => clock.mockRestore();
};
