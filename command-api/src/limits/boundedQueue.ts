import { Refused } from '@ums/kit/refused';

/** Runs work when a place is free. @throws Refused `busy` (503) at once when every waiting place is taken. */
export type BoundedQueue = <T>(work: () => Promise<T>) => Promise<T>;

export interface QueueBounds {
  running: number;
  waiting: number;
  /** Whether an error tells of something that nobody in line could fare better with: they get it too, at once. */
  hopeless?: (error: unknown) => boolean;
}

const RETRY_AFTER_SECONDS = 2;

/**
 * First in, first out, with a bound on both what runs and what waits: load beyond it is refused while refusing is still
 * cheap, instead of being answered too late.
 */
export const boundedQueue = ({ running, waiting, hopeless = () => false }: QueueBounds): BoundedQueue => {
  let turns: { come: () => void; fail: (reason: unknown) => void }[] = [];
  let busy = 0;

  const enter = async (): Promise<void> => {
    if (busy < running) {
      busy += 1;
      return;
    }
    if (turns.length >= waiting) throw new Refused('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    await new Promise<void>((come, fail) => turns.push({ come, fail }));
  };

  // The place is handed to the next in line, never freed in between: a newcomer cannot overtake.
  const leave = (): void => {
    const next = turns.shift();
    if (next === undefined) busy -= 1;
    else next.come();
  };

  const failAll = (reason: unknown): void => {
    for (const { fail } of turns) fail(reason);
    turns = [];
  };

  return async (work) => {
    await enter();
    try {
      return await work();
    } catch (error) {
      if (hopeless(error)) failAll(error);
      throw error;
    } finally {
      leave();
    }
  };
};
