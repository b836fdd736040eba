import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';

/** Runs work when a slot is free. @throws Refused `busy` (503) at once when the queue is full. */
export type BoundedQueue = <T>(work: () => Promise<T>) => Promise<T>;

export interface QueueBounds {
  running: number;
  waiting: number;
  /** Whether an error of one piece of work would hit all that wait too. If so, they fail with it at once. */
  failsAll?: (error: unknown) => boolean;
}

const RETRY_AFTER_SECONDS = 2;

/**
 * A first-in, first-out queue that bounds both running and waiting work. Work beyond the bounds is refused at once, because
 * under overload a cheap refusal is better than a late answer.
 */
export const boundedQueue = ({ running, waiting, failsAll = () => false }: QueueBounds): BoundedQueue => {
  let waiters: { start: () => void; fail: (reason: unknown) => void }[] = [];
  let active = 0;

  const acquire = async (): Promise<void> => {
    if (active < running) {
      active += 1;
      return;
    }
    if (waiters.length >= waiting) {
      const limit = `${running} running and ${waiting} waiting`;
      const refusal = new Refused('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      throw noteWait(refusal, { dependency: 'queue', limit, waitedMs: 0 });
    }
    await new Promise<void>((start, fail) => waiters.push({ start, fail }));
  };

  // The slot passes directly to the next waiter; if it were freed first, new work could overtake.
  const release = (): void => {
    const next = waiters.shift();
    if (next === undefined) active -= 1;
    else next.start();
  };

  const failWaiters = (reason: unknown): void => {
    for (const { fail } of waiters) fail(reason);
    waiters = [];
  };

  return async (work) => {
    await acquire();
    try {
      return await work();
    } catch (error) {
      if (failsAll(error)) failWaiters(error);
      throw error;
    } finally {
      release();
    }
  };
};
