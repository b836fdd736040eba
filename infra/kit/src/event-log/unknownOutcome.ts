import type { RecordedEvent } from '@ums/contracts/events/event';
import {
  ANY,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
  LogUnavailable,
  NO_STREAM,
  WrongRevision,
} from './eventLog.js';

/**
 * Some events of a stream, within `ms`: from a revision on, or the newest first.
 * @throws LogUnavailable
 */
export type ReadPart = (stream: string, from: bigint | 'end', count: number, ms: number) => Promise<RecordedEvent[]>;

interface Attempted {
  stream: string;
  events: readonly EventToAppend[];
  expected: ExpectedRevision;
}

/** An attempt is known to have failed; where to make the next one. `undefined`: not before it is known. */
interface Failed {
  retryAt: ExpectedRevision | undefined;
}

/** Appends of ANY are few; more than this cannot have come between an attempt and its answer. */
const RECENT = 200;

/**
 * Finds out what became of an append whose answer was lost: looks for its event ids where they must be (F-02). A log
 * that cannot be asked now leaves a repeat at the same revision, which the server answers with the first one's place.
 *
 * @throws WrongRevision when another writer has the revision.
 */
export const findOut = async (attempted: Attempted, readPart: ReadPart, ms: number): Promise<Appended | Failed> => {
  const { stream, events, expected } = attempted;
  try {
    return expected === ANY
      ? whereTaken(events, await readPart(stream, 'end', RECENT, ms))
      : atRevision(attempted, expected, await readPart(stream, firstOf(expected), events.length, ms));
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    // A repeat of ANY rests on a memory the server may have lost; one at a revision never does.
    return { retryAt: expected === ANY ? undefined : expected };
  }
};

const firstOf = (expected: bigint | typeof NO_STREAM): bigint => (expected === NO_STREAM ? 0n : expected + 1n);

const atRevision = (
  { stream, events }: Attempted,
  expected: bigint | typeof NO_STREAM,
  found: RecordedEvent[],
): Appended | Failed => {
  const last = found.at(-1);
  if (last === undefined) return { retryAt: expected };
  if (found.length !== events.length || found.some(({ id }, index) => id !== events[index]?.id))
    throw new WrongRevision(stream, undefined);
  return { revision: last.revision, position: last.position };
};

const whereTaken = (events: readonly EventToAppend[], newestFirst: RecordedEvent[]): Appended | Failed => {
  const own = newestFirst.find(({ id }) => id === events.at(-1)?.id);
  if (own !== undefined) return { revision: own.revision, position: own.position };
  return { retryAt: newestFirst[0]?.revision ?? NO_STREAM };
};
