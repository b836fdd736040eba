import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the condition holds; the test's own time limit ends a wait in vain. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(5);
};
