import { setTimeout as sleep } from 'node:timers/promises';

/** Below a test's own limit, so that a wait in vain says where, and does not go on behind the test. */
const LONGEST_MS = 25_000;

/** Resolves when the condition holds. @throws when it does not come to hold */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + LONGEST_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('the condition did not come to hold');
    await sleep(5);
  }
};
