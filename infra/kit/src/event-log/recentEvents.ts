import type { RecordedEvent } from '@ums/contracts/events/event';

/** The newest events of a log, in order and without repetition. */
export interface RecentEvents {
  /** Adds an event. One that is not after the newest is dropped: a server may deliver an event again. */
  add(event: RecordedEvent): void;
  /** The events after a position (exclusive), or `behind` when some of them are no longer held or never were. */
  after(position: bigint | undefined): readonly RecordedEvent[] | 'behind';
}

/**
 * @param from position before the first event that will be added; `undefined` for the start of the log.
 * @param capacity at least this many events are held, and at most twice as many.
 */
export const recentEvents = (from: bigint | undefined, capacity: number): RecentEvents => {
  let held: RecordedEvent[] = [];
  /** Position before the first event held. */
  let floor = from;
  let newest = from;
  return {
    add: (event) => {
      if (newest !== undefined && event.position <= newest) return;
      newest = event.position;
      if (held.length === 2 * capacity) {
        floor = held[capacity - 1]?.position;
        held = held.slice(capacity);
      }
      held.push(event);
    },
    after: (position) => {
      if (floor !== undefined && (position === undefined || position < floor)) return 'behind';
      if (position === undefined) return [...held];
      const last = held.findLastIndex((event) => event.position <= position);
      return held.slice(last + 1);
    },
  };
};
