import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 100_000;

/** `until` for what another process does, which takes longer to start on a slow machine. For tests with as long a time-out. */
export const eventually = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  for (const deadline = performance.now() + LONGEST_MS; !(await condition()); await sleep(5))
    if (performance.now() > deadline) throw new Error(`the condition was not met within ${LONGEST_MS} ms`);
};
