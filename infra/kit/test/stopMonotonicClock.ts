import { jest } from '@jest/globals';

/**
 * Stops the clock that limits measure for how long a call has waited, so that none gives up on a slow machine. It goes on after
 * `jest.restoreAllMocks()`.
 */
export const stopMonotonicClock = (): void => {
  jest.spyOn(performance, 'now').mockReturnValue(performance.now());
};
