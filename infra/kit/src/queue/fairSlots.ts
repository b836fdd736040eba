import { slotTimes } from './slotTimes.js';

export interface FairSlotBounds {
  /** Work that runs at once. */
  most: number;
  /** A monotonic clock in milliseconds. @default performance.now */
  now?: () => number;
}

/** Counts time as used by the holder for which the work is done, in milliseconds up to now. */
export type Spend = (ms: number) => void;

/** Bounds how much work runs at once. What exceeds that waits, for as long as it takes. */
export interface FairSlots {
  /**
   * @param holder for which the work is done
   * @param signal ends the wait
   * @returns the result, or `undefined` if the signal aborted before the work began; rejects as the work does
   */
  run<T>(holder: string, work: (spend: Spend) => Promise<T>, signal?: AbortSignal): Promise<T | undefined>;
}

interface Waiter {
  holder: string;
  /** Takes the slot. */
  start: () => void;
}

/**
 * A free slot goes to the work of the holder that has spent the least time within ten minutes, and of equals to what came first. So
 * one holder with much work, or with costly work, delays that of the others by what it has begun only. Work says itself what it has
 * spent: the time in a slot would include waits for the work of others. Nothing is refused: this is for work in the background,
 * behind which no request is open.
 */
export const fairSlots = ({ most, now = () => performance.now() }: FairSlotBounds): FairSlots => {
  const times = slotTimes(0);
  const waiting = new Set<Waiter>();
  let taken = 0;

  const next = (): Waiter | undefined => {
    let found: Waiter | undefined;
    let leastMs = Number.POSITIVE_INFINITY;
    for (const waiter of waiting) {
      const usedMs = times.usedMs(waiter.holder, [], now());
      if (usedMs >= leastMs) continue;
      leastMs = usedMs;
      found = waiter;
    }
    return found;
  };

  /** @returns whether a slot was taken: `false` once the signal has aborted */
  const turnOf = (holder: string, signal: AbortSignal | undefined): Promise<boolean> =>
    new Promise((resolve) => {
      const settle = (isTaken: boolean): void => {
        signal?.removeEventListener('abort', giveUp);
        waiting.delete(waiter);
        resolve(isTaken);
      };
      const giveUp = (): void => settle(false);
      const waiter: Waiter = { holder, start: () => settle(true) };
      signal?.addEventListener('abort', giveUp);
      waiting.add(waiter);
    });

  // The slot passes directly to what waits; if it were given back first, new work could overtake.
  const release = (): void => {
    const waiter = next();
    if (waiter === undefined) taken -= 1;
    else waiter.start();
  };

  return {
    run: async (holder, work, signal) => {
      if (signal?.aborted) return undefined;
      if (taken < most) taken += 1;
      else if (!(await turnOf(holder, signal))) return undefined;
      try {
        return await work((ms) => times.add({ holder, since: now() - ms }, now()));
      } finally {
        release();
      }
    },
  };
};
