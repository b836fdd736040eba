import type { EventLog } from '@ums/kit/event-log/eventLog';

/** Counts the events that are in the log and not published yet. */
export interface Backlog {
  /** Records that the publisher has passed this many more events, up to a position. */
  published(events: number): void;
  /** The number of events after the checkpoint, as far as counted. @throws LogUnavailable */
  count(checkpoint: bigint): Promise<number>;
}

const PAGE = 1_000;
/** A long backlog is counted over several calls, so that one call does not load the log. */
const PAGES_PER_CALL = 10;

/**
 * Positions have gaps of any size, so events are counted by reading them, each once. Between calls the publisher's own
 * progress is subtracted.
 */
export const backlog = (eventLog: Pick<EventLog, 'readAll'>): Backlog => {
  let countedTo: bigint | undefined;
  let events = 0;
  return {
    published: (count) => {
      events = Math.max(0, events - count);
    },
    count: async (checkpoint) => {
      if (countedTo === undefined || countedTo <= checkpoint) {
        countedTo = checkpoint;
        events = 0;
      }
      for (let page = 0; page < PAGES_PER_CALL; page++) {
        const found = await eventLog.readAll(countedTo < 0n ? undefined : countedTo, PAGE);
        countedTo = found.at(-1)?.position ?? countedTo;
        events += found.length;
        if (found.length < PAGE) break;
      }
      return events;
    },
  };
};
