import { EventEmitter, once } from 'node:events';
import { ownMemory } from './ownMemory.js';
import type { StoredEvent } from './recordedEvent.js';

/** Limits of what the tail keeps in memory. */
export interface TailLimits {
  readonly events: number;
  readonly bytes: number;
}

export interface Tail {
  /** Position of the last committed event, 0 in an empty log. */
  head(): bigint;
  /** The next chunk of committed events after a position, oldest first; undefined when they are no longer in memory. */
  after(position: bigint): readonly StoredEvent[] | undefined;
  /** Resolves once an event after the position is committed; rejects when the signal aborts. */
  waitBeyond(position: bigint, signal: AbortSignal): Promise<void>;
  /** Adds the events of a committed transaction. */
  push(events: readonly StoredEvent[]): void;
  /** Empties the tail and sets the head as read from the database. */
  reset(head: bigint): void;
}

/** Bytes of an event in memory besides its data and metadata. */
const EVENT_OVERHEAD_BYTES = 400;
/** Number of emptied array slots after which the array is compacted. */
const MAX_EMPTY_SLOTS = 1024;
/** Limits of one chunk, which stays in memory while its reader is slow. */
const CHUNK_LIMITS = { events: 64, bytes: 1024 * 1024 };
// Once sent, an event is in memory twice: as received and as an encoded frame.
const sizeOf = (event: StoredEvent) => EVENT_OVERHEAD_BYTES + 2 * (event.data.length + event.metadata.length);

/** The event without the request that it arrived in, of which its buffers are slices. */
const detached = (event: StoredEvent): StoredEvent => ({
  ...event,
  stream: ownMemory(event.stream),
  type: ownMemory(event.type),
  metadata: ownMemory(event.metadata),
  data: ownMemory(event.data),
});

/** The most recent events of the log, in memory for live subscribers. A subscriber that falls behind reads the database again. */
export const createTail = (limits: TailLimits = { events: 4096, bytes: 16 * 1024 * 1024 }): Tail => {
  const commits = new EventEmitter();
  commits.setMaxListeners(0);
  let kept: (StoredEvent | undefined)[] = [];
  let first = 0;
  let floor = 0n;
  let head = 0n;
  let bytes = 0;

  const trim = () => {
    for (let event = kept[first]; event; event = kept[first]) {
      if (kept.length - first <= limits.events && bytes <= limits.bytes) break;
      bytes -= sizeOf(event);
      floor = event.position;
      kept[first] = undefined;
      first += 1;
    }
    if (first < MAX_EMPTY_SLOTS) return;
    kept = kept.slice(first);
    first = 0;
  };

  const indexAfter = (position: bigint) => {
    let low = first;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kept[middle]?.position ?? floor) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  const chunkFrom = (index: number) => {
    const events: StoredEvent[] = [];
    let size = 0;
    for (let next = index; events.length < CHUNK_LIMITS.events && size < CHUNK_LIMITS.bytes; next += 1) {
      const event = kept[next];
      if (!event) break;
      events.push(event);
      size += sizeOf(event);
    }
    return events;
  };

  return {
    head: () => head,
    after: (position) => (position < floor ? undefined : chunkFrom(indexAfter(position))),
    waitBeyond: async (position, signal) => {
      while (head <= position) await once(commits, 'commit', { signal });
    },
    push: (events) => {
      for (const event of events) {
        bytes += sizeOf(event);
        kept.push(detached(event));
        head = event.position;
      }
      trim();
      commits.emit('commit');
    },
    reset: (newHead) => {
      kept = [];
      first = 0;
      bytes = 0;
      floor = newHead;
      head = newHead;
      commits.emit('commit');
    },
  };
};
