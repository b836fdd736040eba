import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 10;

/**
 * Whether work settles within a time. The time passes in short steps, so that a pause of the whole process counts as one of them:
 * the limits that the work has of its own run out meanwhile, but it gets no turn to settle.
 */
export const settlesWithin = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  work.then(settle, settle);
  for (let passedMs = 0; passedMs < ms && !isSettled; passedMs += STEP_MS) await sleep(STEP_MS);
  return isSettled;
};
