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
  /** Takes a free slot. */
  start: () => void;
  fail: (reason: unknown) => void;
}

const RETRY_AFTER_SECONDS = 2;

/**
 * A queue that bounds both running and waiting work. Sources and purposes take turns; see {@link waitingLine}. One source takes
 * at most half of the slots, or one, so that work of another source starts at once during a flood. Work beyond the bounds is
 * refused at once, because under overload a cheap refusal is better than a late answer.
 */
export const boundedQueue = ({ running, waiting, failsAll = () => false }: QueueBounds): BoundedQueue => {
  const line = waitingLine<Waiter>(waiting);
  const limit = `${running} running and ${waiting} waiting`;
  const mostOfSource = Math.max(1, Math.floor(running / 2));
  /** Slots taken, by source. */
  const taken = new Map<string, number>();
  let active = 0;

  const full = () =>
    noteWait(new Refused('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS }), {
      dependency: 'queue',
      limit,
      waitedMs: 0,
    });

  const mayStart = ({ source }: Turn): boolean => active < running && (taken.get(source) ?? 0) < mostOfSource;

  const take = ({ source }: Turn): void => {
    active += 1;
    taken.set(source, (taken.get(source) ?? 0) + 1);
  };

  const acquire = async (turn: Turn): Promise<void> => {
    if (mayStart(turn)) return take(turn);
    await new Promise<void>((resolve, fail) => {
      const start = (): void => {
        take(turn);
        resolve();
      };
      const turnedAway = line.join(turn, { start, fail });
      turnedAway?.fail(full());
    });
  };

  // The slot passes directly to the next waiter; if that waited for a turn of the event loop, new work could overtake.
  const release = ({ source }: Turn): void => {
    active -= 1;
    const left = (taken.get(source) ?? 1) - 1;
    if (left > 0) taken.set(source, left);
    else taken.delete(source);
    line.next(mayStart)?.start();
  };

  return async (turn, work) => {
    await acquire(turn);
    try {
      return await work();
    } catch (error) {
      if (failsAll(error)) for (const { fail } of line.clear()) fail(error);
      throw error;
    } finally {
      release(turn);
    }
  };
};
