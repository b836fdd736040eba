import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Log } from '../log.js';
import { counter } from '../metrics.js';
import type { EventLog } from './eventLog.js';

/** Finds what a subscription has not delivered: a read of the log returns every event. */
export interface ReadBehind {
  /**
   * Notes an event that the follower handles.
   *
   * @returns `late` for one that comes after a newer one, `known` for one that was noted before or returned by `missing`.
   */
  note(event: RecordedEvent): 'next' | 'late' | 'known';
  /**
   * Notes a part of the log, from `after` (exclusive) to `upTo` (inclusive), whose events come from a read, in order: `missing`
   * does not read it again. To be called before the first event of the part is noted; see `onPage` of `FollowOptions`.
   */
  page(after: bigint | undefined, upTo: bigint): void;
  /**
   * The events up to a position (inclusive) that were not noted, in the order of the log. They count as noted from then on, and
   * the first one is logged, and all are counted. The log is read for positions that no follower of this process has read yet. If
   * some were not noted, all of the part is read. Nothing is read where the position is not newer, or all came from pages.
   *
   * @throws LogUnavailable: then the next call reads the same part.
   */
  missing(upTo: bigint): Promise<RecordedEvent[]>;
  /** Whether so many events were noted since the last call of `missing` that it should be called, to hold no more of them. */
  isDue(): boolean;
}

const PAGE = 1_000;
const MOST_NOTED = 10_000;

export interface ReadBehindOptions {
  eventLog: Pick<EventLog, 'positions' | 'readAll'>;
  log: Log;
  /** Name of the follower, for log and metrics. */
  lane: string;
}

/**
 * For a follower that must handle every event: revisions tell of a loss only in a stream that goes on. It reads behind itself
 * before it stores how far it has come, and handles what was missing (F-12).
 *
 * @param from stored position after which the follower begins.
 */
export const readBehind = ({ eventLog, log, lane }: ReadBehindOptions, from: bigint | undefined): ReadBehind => {
  /** Up to here, nothing is missing. */
  let whole = from;
  let newest = from;
  /** Positions after `whole`. */
  const noted = new Set<bigint>();
  /** The newest pages that follow each other. */
  let read: { after: bigint | undefined; upTo: bigint } | undefined;
  const undelivered = counter(
    'ums_events_not_delivered_total',
    'Events that a subscription did not deliver, which were read from the log instead',
    ['lane'],
  );
  // A counter that begins at zero shows its first change (Prometheus, "Avoid missing metrics").
  undelivered.inc({ lane }, 0);
  const isRead = (upTo: bigint): boolean =>
    read !== undefined && upTo <= read.upTo && (read.after === undefined || (whole ?? -1n) >= read.after);
  const advance = (upTo: bigint): void => {
    whole = upTo;
    for (const position of noted) if (position <= upTo) noted.delete(position);
  };
  /** Whether exactly these were noted up to a position. */
  const isComplete = (positions: readonly bigint[], upTo: bigint): boolean => {
    let count = 0;
    for (const position of noted) if (position <= upTo) count++;
    return count === positions.length && positions.every((position) => noted.has(position));
  };
  const isKnown = (position: bigint): boolean => (whole !== undefined && position <= whole) || noted.has(position);

  let reading: Promise<unknown> = Promise.resolve();
  const readUpTo = async (upTo: bigint): Promise<RecordedEvent[]> => {
    if (whole !== undefined && upTo <= whole) return [];
    if (isRead(upTo)) {
      advance(upTo);
      return [];
    }
    if (isComplete(await eventLog.positions(whole, upTo), upTo)) {
      advance(upTo);
      return [];
    }
    const found: RecordedEvent[] = [];
    for (let after = whole; ; ) {
      const page = await eventLog.readAll(after, PAGE);
      found.push(...page.filter(({ position }) => position <= upTo && !noted.has(position)));
      after = page.at(-1)?.position;
      if (page.length < PAGE || after === undefined || after >= upTo) break;
    }
    // Some may have come while the log was read.
    const missing = found.filter(({ position }) => !noted.has(position));
    advance(upTo);
    const [first] = missing;
    if (first !== undefined) {
      const { stream, revision, position } = first;
      log.error('events not delivered', { lane, stream, revision, position, count: missing.length });
      undelivered.inc({ lane }, missing.length);
    }
    return missing;
  };

  return {
    note: ({ position }) => {
      if (isKnown(position)) return 'known';
      noted.add(position);
      if (newest !== undefined && position < newest) return 'late';
      newest = position;
      return 'next';
    },
    page: (after, upTo) => {
      read = { after: read !== undefined && read.upTo === after ? read.after : after, upTo };
    },
    // One after another: each begins where the one before has ended.
    missing: (upTo) => {
      const found = reading.then(() => readUpTo(upTo));
      reading = found.catch(() => undefined);
      return found;
    },
    isDue: () => noted.size >= MOST_NOTED,
  };
};
