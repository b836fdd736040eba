import { type SlotUse, slotTimes } from './slotTimes.js';

export interface FairSlotBounds {
  /** Work that runs at once. */
  most: number;
  /** A monotonic clock in milliseconds. @default performance.now */
  now?: () => number;
}

/** Bounds how much work runs at once. What exceeds that waits, for as long as it takes. */
export interface FairSlots {
  /**
   * @param holder for which the work is done
   * @param signal ends the wait
   * @returns the result, or `undefined` if the signal aborted before the work began; rejects as the work does
   */
  run<T>(holder: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined>;
}

interface Waiter {
  holder: string;
  start: () => void;
}

/**
 * A free slot goes to the work of the holder that has used slots for the shortest time within ten minutes, and of equals to what came
 * first. So one holder with much work, or with slow work, delays that of the others by what it has begun only. For work that
 * nobody waits for with an open request: nothing is refused.
 */
export const fairSlots = ({ most, now = () => performance.now() }: FairSlotBounds): FairSlots => {
  const times = slotTimes(0);
  const held = new Set<SlotUse>();
  const waiting = new Set<Waiter>();

  const take = (holder: string): SlotUse => {
    const use = { holder, since: now() };
    held.add(use);
    return use;
  };

  const startNext = (): void => {
    const time = now();
    let next: Waiter | undefined;
    let leastMs = Number.POSITIVE_INFINITY;
    for (const waiter of waiting) {
      const usedMs = times.usedMs(waiter.holder, held, time);
      if (usedMs >= leastMs) continue;
      leastMs = usedMs;
      next = waiter;
    }
    next?.start();
  };

  const release = (use: SlotUse): void => {
    held.delete(use);
    times.add(use, now());
    startNext();
  };

  /** The slot passes directly to what waits; if it were given back first, new work could overtake. */
  const turnOf = (holder: string, signal: AbortSignal | undefined): Promise<SlotUse | undefined> =>
    new Promise((resolve) => {
      const settle = (use: SlotUse | undefined): void => {
        signal?.removeEventListener('abort', giveUp);
        waiting.delete(waiter);
        resolve(use);
      };
      const giveUp = (): void => settle(undefined);
      const waiter: Waiter = { holder, start: () => settle(take(holder)) };
      signal?.addEventListener('abort', giveUp);
      waiting.add(waiter);
    });

  return {
    run: async (holder, work, signal) => {
      if (signal?.aborted) return undefined;
      const use = held.size < most ? take(holder) : await turnOf(holder, signal);
      if (use === undefined) return undefined;
      try {
        return await work();
      } finally {
        release(use);
      }
    },
  };
};
