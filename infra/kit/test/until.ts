import { setTimeout as sleep } from 'node:timers/promises';

/** Less than the time-out of a test, so that the error shows the waiting line and the polling ends with the test. */
const TIMEOUT_MS = 25_000;

/** Polls until the condition is true. @throws Error after 25 s */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`the condition was not met within ${TIMEOUT_MS} ms`);
    await sleep(5);
  }
};
