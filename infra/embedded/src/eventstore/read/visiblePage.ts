import { LARGEST_POSITION, type StoredEvent } from '../recordedEvent.js';
import type { Direction, EventPages, Page, StreamHead } from '../storage/eventPages.js';
import {
  firstShown,
  isSoftDeleted,
  LIMITS_OF_METADATA_STREAMS,
  NO_LIMITS,
  parseStreamMetadata,
} from '../streamMetadata.js';
import { describedStream } from '../streamNames.js';
import { streamDeleted } from '../wire/streamErrors.js';

const TICKS_PER_MILLISECOND = 10_000n;

export interface VisiblePage extends Page {
  /** Of the stream, whether visible or not. */
  readonly lastRevision: bigint;
}

/**
 * Events of a stream from a revision (inclusive), at most `limit`, without those that its metadata hides. Streams without
 * metadata cost one statement. Others cost another when the page begins before the first visible event.
 * @returns undefined when the stream does not exist or is soft-deleted.
 * @throws StatusError when the stream is tombstoned.
 */
export const visiblePage = async (
  pages: EventPages,
  direction: Direction,
  stream: Buffer,
  from: bigint,
  limit: number,
): Promise<VisiblePage | undefined> => {
  const now = BigInt(Date.now()) * TICKS_PER_MILLISECOND;
  for (let start = from; ; ) {
    const page = await pages.stream(direction, stream, start, limit);
    const { lastRevision } = page.head;
    await refuseTombstoned(pages, stream, page.head);
    const limits = limitsOf(stream, page.head);
    if (lastRevision === undefined || isSoftDeleted(limits)) return undefined;

    const first = firstShown(limits, lastRevision);
    const oldest = limits.maxAge === undefined ? 0n : now - limits.maxAge;
    const isVisible = ({ revision, created }: StoredEvent) => revision >= first && created >= oldest;
    const [next] = page.events;
    if (direction === 'backwards' || next === undefined || isVisible(next)) {
      const events = page.events.filter(isVisible);
      // All events before a hidden one are hidden, too.
      const last = page.last || (direction === 'backwards' && events.length < page.events.length);
      return { events, last, lastRevision };
    }
    const range = { from: start < first ? first : start, to: lastRevision };
    start = oldest > 0n ? await pages.firstSince(stream, range, oldest) : range.from;
  }
};

/** @throws StatusError when the stream is tombstoned, or the stream that it describes. */
export const refuseTombstoned = async (pages: EventPages, stream: Buffer, head: StreamHead): Promise<void> => {
  const described = describedStream(stream);
  const { lastRevision } = described ? await pages.streamHead(described) : head;
  if (lastRevision === LARGEST_POSITION) throw streamDeleted(stream);
};

const limitsOf = (stream: Buffer, { metadata }: StreamHead) => {
  if (describedStream(stream)) return LIMITS_OF_METADATA_STREAMS;
  return metadata ? parseStreamMetadata(metadata) : NO_LIMITS;
};
