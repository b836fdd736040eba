import { Refused } from '@ums/kit/refused';

/** Runs work when a place is free. @throws Refused `busy` (503) at once when every waiting place is taken. */
export type BoundedQueue = <T>(work: () => Promise<T>) => Promise<T>;

const RETRY_AFTER_SECONDS = 2;

/**
 * First in, first out, with a bound on both what runs and what waits: load beyond it is refused while refusing is still
 * cheap, instead of being answered too late.
 */
export const boundedQueue = ({ running, waiting }: { running: number; waiting: number }): BoundedQueue => {
  const turns: (() => void)[] = [];
  let busy = 0;

  const enter = async (): Promise<void> => {
    if (busy < running) {
      busy += 1;
      return;
    }
    if (turns.length >= waiting) throw new Refused('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    await new Promise<void>((resolve) => turns.push(resolve));
  };

  // The place is handed to the next in line, never freed in between: a newcomer cannot overtake.
  const leave = (): void => {
    const next = turns.shift();
    if (next === undefined) busy -= 1;
    else next();
  };

  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
};
