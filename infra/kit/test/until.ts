import { setTimeout as sleep } from 'node:timers/promises';

/** Less than the time-out of a test, so that the error shows the waiting line and the polling ends with the test. */
const TIMEOUT_MS = 75_000;

/**
 * Polls until the condition is true.
 * @param timeoutMs of a test whose own time-out is longer. @default 75 s
 * @throws Error after that time
 */
export const until = async (
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number = TIMEOUT_MS,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`the condition was not met within ${timeoutMs} ms`);
    await sleep(5);
  }
};
