import { alignedInterval } from '../alignedInterval.js';

export interface StallWatchdog {
  /** The reader waits for the next event. */
  waiting(): void;
  /** The reader received the event at this position. */
  delivered(position: bigint): void;
  stop(): void;
}

export interface StallOptions {
  /** Position after which the reader begins. */
  after: bigint | undefined;
  head(): Promise<bigint | undefined>;
  everyMs: number;
  onStall(): void;
}

/**
 * Detects a subscription that is silent although the log has more events (F-13): the reader waited during the whole time
 * between two checks of the log's head, and still has not received what the first check saw.
 */
export const stallWatchdog = ({ after, head, everyMs, onStall }: StallOptions): StallWatchdog => {
  let lastDelivered = after;
  let isWaiting = false;
  let waits = 0;
  let previous: { waits: number; head: bigint } | undefined;
  let isChecking = false;

  const check = async (): Promise<void> => {
    if (isChecking || !isWaiting) return;
    isChecking = true;
    const waitsBefore = waits;
    try {
      const isBehind = previous?.waits === waits && (lastDelivered === undefined || previous.head > lastDelivered);
      if (isBehind) return onStall();
      const current = await head();
      previous = current !== undefined && waitsBefore === waits ? { waits, head: current } : undefined;
    } catch {
      // A failed read does not show a stall. A lost connection ends the subscription with an error of its own.
      previous = undefined;
    } finally {
      isChecking = false;
    }
  };

  const stop = alignedInterval(everyMs, () => void check());
  return {
    waiting: () => {
      isWaiting = true;
      waits++;
    },
    delivered: (position) => {
      isWaiting = false;
      if (lastDelivered === undefined || position > lastDelivered) lastDelivered = position;
    },
    stop,
  };
};
