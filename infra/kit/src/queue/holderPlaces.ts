import { Refused } from '../refused.js';

export interface PlaceBounds {
  /** Work of one holder under way at a time. */
  running: number;
  /** Work of one holder that waits for such a place. */
  waiting: number;
  /** Longest wait in milliseconds. Some of the work waits for up to a sixth less, see {@link holderPlaces}. */
  waitMs: number;
  /**
   * How much of what waits may be refused in a second: the wait is longer behind a long line, because refusals cost more than
   * waits. @default no bound
   */
  refusedPerSecond?: number;
}

/** Bounds how much work each holder has under way, however much the others have. */
export interface HolderPlaces {
  /**
   * Takes a place of the holder.
   * @param gone called if the holder has to wait: a signal that aborts when the client does not wait for the work any more
   * @returns nothing when a place was free, else a promise of the first place that the holder gives back
   * @throws Refused `too-many-requests`; the promise rejects with it, too, after the longest wait and when `gone` aborts
   */
  enter(holder: string, gone: () => AbortSignal): Promise<void> | undefined;
  /**
   * Gives one place of the holder back. To be called once for each place that was taken.
   * @param failure of the work that would hit all that waits, too: that fails with it at once
   */
  leave(holder: string, failure?: Error): void;
}

interface Waiter {
  start(): void;
  fail(reason: Error): void;
}

interface Held {
  running: number;
  /** In order of arrival. */
  line: Set<Waiter>;
}

const RETRY_AFTER_SECONDS = 1;
/** What came at once must not be refused at once: so many answers keep the event loop, and their clients come back together. */
const SPREAD = 1 / 6;

/** How long the last of a full line waits. */
export const longestWaitMs = ({ waiting, waitMs, refusedPerSecond = Number.POSITIVE_INFINITY }: PlaceBounds): number =>
  Math.max(waitMs, (waiting * 1_000) / refusedPerSecond);

const tooMany = () => new Refused('too-many-requests', { retryAfterSeconds: RETRY_AFTER_SECONDS });

/**
 * Counts in the memory of the process. A holder without work under way leaves nothing behind. Waits end at random times in the last
 * sixth of the longest wait.
 */
export const holderPlaces = (bounds: PlaceBounds): HolderPlaces => {
  const { running, waiting } = bounds;
  const holders = new Map<string, Held>();

  const placeIn = (line: Held['line'], gone: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const stopWaiting = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', giveUp);
        line.delete(waiter);
      };
      const waiter: Waiter = {
        start: () => {
          stopWaiting();
          resolve();
        },
        fail: (reason) => {
          stopWaiting();
          reject(reason);
        },
      };
      const giveUp = (): void => waiter.fail(tooMany());
      const longestMs = longestWaitMs({ ...bounds, waiting: line.size });
      const timer = setTimeout(giveUp, longestMs * (1 - SPREAD * Math.random()));
      gone.addEventListener('abort', giveUp);
      line.add(waiter);
      if (gone.aborted) giveUp();
    });

  return {
    enter: (holder, gone) => {
      const held = holders.get(holder);
      if (held === undefined) {
        holders.set(holder, { running: 1, line: new Set() });
        return undefined;
      }
      if (held.running >= running) {
        if (held.line.size >= waiting) throw tooMany();
        return placeIn(held.line, gone());
      }
      held.running += 1;
      return undefined;
    },
    leave: (holder, failure) => {
      const held = holders.get(holder);
      if (held === undefined) return;
      if (failure !== undefined) for (const { fail } of held.line) fail(failure);
      // The place passes directly to what waits; if it were given back first, new work could overtake.
      const [next] = held.line;
      if (next !== undefined) return next.start();
      held.running -= 1;
      if (held.running === 0) holders.delete(holder);
    },
  };
};
