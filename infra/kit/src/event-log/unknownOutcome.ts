import type { RecordedEvent } from '@ums/contracts/events/event';
import {
  ANY,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
  LogUnavailable,
  NO_STREAM,
  type StreamPart,
  WrongRevision,
} from './eventLog.js';

/** As `EventLog.readPart`, within `ms`. @throws LogUnavailable */
export type ReadPart = (stream: string, part: StreamPart, ms: number) => Promise<RecordedEvent[]>;

interface LostAppend {
  stream: string;
  events: readonly EventToAppend[];
  expected: ExpectedRevision;
}

/** Nothing was written as far as is known. */
interface NotFound {
  /** Expected revision of the next attempt; `undefined` = resolve the outcome before another attempt. */
  retryAt: ExpectedRevision | undefined;
}

/** Appends with ANY are rare: fewer events than this can follow an attempt before its outcome is resolved. */
const RECENT_EVENTS = 200;

/**
 * Finds out whether an append whose answer was lost was written, by looking for its event ids in the stream (F-02). When
 * the stream cannot be read, the append is repeated at the same revision: the server answers a repeat of a written
 * append with its first position.
 *
 * @throws WrongRevision when another writer's events are at the revision.
 */
export const resolveUnknownOutcome = async (
  lost: LostAppend,
  readPart: ReadPart,
  ms: number,
): Promise<Appended | NotFound> => {
  const { stream, events, expected } = lost;
  try {
    return expected === ANY
      ? resolveAny(events, await readPart(stream, { limit: RECENT_EVENTS, isBackwards: true }, ms))
      : resolveAtRevision(lost, expected, await readPart(stream, writtenPart(expected, events.length), ms));
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    // The server recognizes a repeat with ANY only while it still has the event ids in memory.
    return { retryAt: expected === ANY ? undefined : expected };
  }
};

/** Where the events are if they were written. */
const writtenPart = (expected: bigint | typeof NO_STREAM, limit: number): StreamPart => ({
  from: expected === NO_STREAM ? 0n : expected + 1n,
  limit,
});

const resolveAtRevision = (
  { stream, events }: LostAppend,
  expected: bigint | typeof NO_STREAM,
  found: RecordedEvent[],
): Appended | NotFound => {
  const last = found.at(-1);
  if (last === undefined) return { retryAt: expected };
  if (found.length !== events.length || found.some(({ id }, index) => id !== events[index]?.id))
    throw new WrongRevision(stream, expected, undefined);
  return { revision: last.revision, position: last.position };
};

const resolveAny = (events: readonly EventToAppend[], newestFirst: RecordedEvent[]): Appended | NotFound => {
  const written = newestFirst.find(({ id }) => id === events.at(-1)?.id);
  if (written !== undefined) return { revision: written.revision, position: written.position };
  return { retryAt: newestFirst[0]?.revision ?? NO_STREAM };
};
