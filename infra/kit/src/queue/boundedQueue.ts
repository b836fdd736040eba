import { Refused } from '../refused.js';
import { noteWait } from '../wait.js';
import { type Turn, waitingLine } from './waitingLine.js';

/** Runs work when a slot is free. @throws Refused `busy` (503) at once when no place to wait is free for its source. */
export type BoundedQueue = <T>(turn: Turn, work: () => Promise<T>) => Promise<T>;

export interface QueueBounds {
  running: number;
  waiting: number;
  /** Whether an error of one piece of work would hit all that wait too. If so, they fail with it at once. */
  failsAll?: (error: unknown) => boolean;
}

interface Waiter {
  start: () => void;
  fail: (reason: unknown) => void;
}

const RETRY_AFTER_SECONDS = 2;

/**
 * A queue that bounds both running and waiting work. Sources and purposes take turns; see {@link waitingLine}. Work beyond
 * the bounds is refused at once, because under overload a cheap refusal is better than a late answer.
 */
export const boundedQueue = ({ running, waiting, failsAll = () => false }: QueueBounds): BoundedQueue => {
  const line = waitingLine<Waiter>(waiting);
  const limit = `${running} running and ${waiting} waiting`;
  let active = 0;

  const full = () =>
    noteWait(new Refused('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS }), {
      dependency: 'queue',
      limit,
      waitedMs: 0,
    });

  const acquire = async (turn: Turn): Promise<void> => {
    if (active < running) {
      active += 1;
      return;
    }
    await new Promise<void>((start, fail) => {
      const turnedAway = line.join(turn, { start, fail });
      turnedAway?.fail(full());
    });
  };

  // The slot passes directly to the next waiter; if it were freed first, new work could overtake.
  const release = (): void => {
    const next = line.next();
    if (next === undefined) active -= 1;
    else next.start();
  };

  return async (turn, work) => {
    await acquire(turn);
    try {
      return await work();
    } catch (error) {
      if (failsAll(error)) for (const { fail } of line.clear()) fail(error);
      throw error;
    } finally {
      release();
    }
  };
};
