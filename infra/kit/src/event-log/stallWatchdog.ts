export interface StallWatchdog {
  /** The reader asked for an event and waits. */
  waiting(): void;
  /** The reader was given the event at this position. */
  given(position: bigint): void;
  stop(): void;
}

export interface StallOptions {
  /** Where the reader begins. */
  after: bigint | undefined;
  head(): Promise<bigint | undefined>;
  everyMs: number;
  onStall(): void;
}

/**
 * Notices a subscription that is silent although there is something to say (F-13): its reader waited all the time between
 * two looks at the log's head, and still has not been given what the first look saw.
 */
export const stallWatchdog = ({ after, head, everyMs, onStall }: StallOptions): StallWatchdog => {
  let last = after;
  let isWaiting = false;
  let waits = 0;
  let suspected: { waits: number; head: bigint } | undefined;
  let looking = false;

  const look = async (): Promise<void> => {
    if (looking || !isWaiting) return;
    looking = true;
    const seen = waits;
    try {
      const behind = suspected?.waits === waits && (last === undefined || suspected.head > last);
      if (behind) return onStall();
      const now = await head();
      suspected = now !== undefined && seen === waits ? { waits, head: now } : undefined;
    } catch {
      // A log that cannot be read says nothing about the subscription; a lost connection ends that with an error.
      suspected = undefined;
    } finally {
      looking = false;
    }
  };

  const timer = setInterval(() => void look(), everyMs);
  return {
    waiting: () => {
      isWaiting = true;
      waits++;
    },
    given: (position) => {
      isWaiting = false;
      last = position;
    },
    stop: () => clearInterval(timer),
  };
};
