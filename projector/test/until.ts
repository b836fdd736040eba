import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, asking again and again; fails after ten seconds. */
export const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('the condition did not come to hold');
    await sleep(5);
  }
};
