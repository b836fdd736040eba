import type { RecordedEvent } from '@ums/contracts/events/event';

/** The newest events of a log, in order and without repetition. */
export interface RecentEvents {
  /**
   * Adds an event.
   *
   * @returns `late` for one that comes after a newer one: it takes its place in the order, and who has read past that place has
   * to be given it. `repeated` for one that is held already, or from before the first: it changes nothing. One that is older than
   * all that are held may be either, and counts as late, since followers ignore repetitions but cannot make up for a loss.
   */
  add(event: RecordedEvent): 'next' | 'late' | 'repeated';
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
  const hold = (event: RecordedEvent, index: number): void => {
    held.splice(index, 0, event);
    if (held.length <= 2 * capacity) return;
    floor = held[capacity - 1]?.position;
    held = held.slice(capacity);
  };
  const lastUpTo = (position: bigint): number => held.findLastIndex((event) => event.position <= position);
  return {
    add: (event) => {
      const { position } = event;
      if (newest === undefined || position > newest) {
        newest = position;
        hold(event, held.length);
        return 'next';
      }
      if (from !== undefined && position <= from) return 'repeated';
      const before = lastUpTo(position);
      if (held[before]?.position === position) return 'repeated';
      if (floor === undefined || position > floor) hold(event, before + 1);
      return 'late';
    },
    after: (position) => {
      if (floor !== undefined && (position === undefined || position < floor)) return 'behind';
      return position === undefined ? [...held] : held.slice(lastUpTo(position) + 1);
    },
  };
};
