import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, not for a time. */
export const until = async (condition: () => Promise<boolean>, withinMs = 8_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('what was waited for did not happen in time');
    await sleep(10);
  }
};
