import { Refused } from '../refused.js';
import { noteWait } from '../wait.js';
import { slotTimes } from './slotTimes.js';

export interface SharedSlot {
  /** Aborts when another holder takes the slot over; its reason refuses the work as `busy`. */
  lost: AbortSignal;
  /** The part that others may end is over: from now on, nobody takes the slot over. */
  keep(): void;
  /** May be called again. */
  free(): void;
}

/** Limits how much of one kind of work a process does at a time, and shares it among those who ask for it. */
export interface SharedSlots {
  /**
   * @param holder who asks for the work
   * @throws Refused `busy` when all slots are taken and none passes to the holder; `tooMany` when the holder has all of its own
   */
  take(holder: string): SharedSlot;
}

export interface SharedSlotBounds {
  most: number;
  /** What the log names when all are taken. */
  work: string;
  /** How much longer than a newcomer a holder must have used slots to lose one to it. */
  leadMs: number;
  retryAfterSeconds: number;
  /** A bound for each holder, and the slug that refuses what exceeds it. */
  perHolder?: { most: number; tooMany: string };
  /** A monotonic clock in milliseconds. @default performance.now */
  now?: () => number;
}

interface HeldSlot {
  holder: string;
  since: number;
  lost: AbortController;
  mayBeLost: boolean;
}

/**
 * While all slots are taken, a newcomer takes one over from the holder that has used slots for the longest time, if that is
 * longer than its own time by the lead. What counts is the time in a window of ten minutes, of all slots of a holder together,
 * so neither working slowly nor starting over keeps the slots from others. While a slot is free, nobody loses one.
 */
export const sharedSlots = ({
  most,
  work,
  leadMs,
  retryAfterSeconds,
  perHolder,
  now = () => performance.now(),
}: SharedSlotBounds): SharedSlots => {
  /** Oldest first. */
  const held = new Set<HeldSlot>();
  const times = slotTimes();

  const busy = (): Refused =>
    noteWait(new Refused('busy', { retryAfterSeconds }), {
      ...{ dependency: work, limit: `${most} at a time`, waitedMs: 0 },
    });

  /** The oldest slot of the holder that has used slots for the longest time, if that is long enough to lose it to `holder`. */
  const slotFor = (holder: string, time: number): HeldSlot | undefined => {
    const leastMs = times.usedMs(holder, held, time) + leadMs;
    let longestMs = 0;
    let found: HeldSlot | undefined;
    for (const slot of held) {
      const usedMs = times.usedMs(slot.holder, held, time);
      if (!slot.mayBeLost || usedMs < leastMs || usedMs <= longestMs) continue;
      longestMs = usedMs;
      found = slot;
    }
    return found;
  };
  const remove = (slot: HeldSlot): void => {
    if (held.delete(slot)) times.add(slot, now());
  };

  return {
    take: (holder) => {
      const time = now();
      if (perHolder !== undefined && [...held].filter((slot) => slot.holder === holder).length >= perHolder.most)
        throw new Refused(perHolder.tooMany, { retryAfterSeconds });
      if (held.size >= most) {
        const other = slotFor(holder, time);
        if (other === undefined) throw busy();
        remove(other);
        other.lost.abort(busy());
      }
      const slot: HeldSlot = { holder, since: time, lost: new AbortController(), mayBeLost: true };
      held.add(slot);
      return {
        lost: slot.lost.signal,
        keep: () => {
          slot.mayBeLost = false;
        },
        free: () => remove(slot),
      };
    },
  };
};
