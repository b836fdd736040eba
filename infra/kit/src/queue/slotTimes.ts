export interface SlotUse {
  holder: string;
  /** When the holder took the slot, in milliseconds of a monotonic clock. */
  since: number;
}

/** In which the use of slots is counted. */
export const WINDOW_MS = 600_000;
/** This bounds what is remembered: each holder has held one of a few slots for this long. */
const SHORTEST_MS = 100;

/**
 * Adds up for how long each holder has used slots, in windows of ten minutes.
 *
 * @param shortestMs uses that are shorter do not count
 */
export const slotTimes = (shortestMs: number = SHORTEST_MS) => {
  let window = { start: 0, past: new Map<string, number>() };

  const windowAt = (time: number) => {
    const start = Math.floor(time / WINDOW_MS) * WINDOW_MS;
    if (window.start !== start) window = { start, past: new Map() };
    return window;
  };
  const inWindow = ({ since }: SlotUse, time: number): number => time - Math.max(since, windowAt(time).start);

  return {
    /** Remembers a use that ends now. */
    add: (use: SlotUse, time: number): void => {
      const usedMs = inWindow(use, time);
      const { past } = windowAt(time);
      if (usedMs >= shortestMs) past.set(use.holder, (past.get(use.holder) ?? 0) + usedMs);
    },
    /** @param present the uses that have not ended. */
    usedMs: (holder: string, present: Iterable<SlotUse>, time: number): number => {
      let sum = windowAt(time).past.get(holder) ?? 0;
      for (const use of present) if (use.holder === holder) sum += inWindow(use, time);
      return sum;
    },
  };
};
