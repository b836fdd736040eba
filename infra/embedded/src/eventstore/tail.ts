import { EventEmitter, once } from 'node:events';
import type { RecordedEvent } from './recordedEvent.js';

/** How much of the log's end is kept in memory for subscribers that are live. */
export interface TailBounds {
  readonly events: number;
  readonly bytes: number;
}

export interface Tail {
  /** Position of the last committed event, 0 in an empty log. */
  head(): bigint;
  /** The next few committed events beyond a position, oldest first; undefined where they are no longer kept. */
  after(position: bigint): readonly RecordedEvent[] | undefined;
  /** Resolves when something was committed beyond a position; rejects when the signal aborts. */
  beyond(position: bigint, signal: AbortSignal): Promise<void>;
  /** Takes over what a transaction committed. */
  push(events: readonly RecordedEvent[]): void;
  /** Starts anew at a head that was read from the database. */
  reset(head: bigint): void;
}

const overhead = 400;
const spareSlots = 1024;
/** What a reader is handed at once, and so keeps alive while it is slow. */
const portion = { events: 64, bytes: 1024 * 1024 };
// An event is held twice once it has been sent: as it came and as its frame.
const sizeOf = (event: RecordedEvent) => overhead + 2 * (event.data.length + event.metadata.length);

/** The recent end of the log. A subscriber that is slower than it is kept goes back to reading the database. */
export function createTail(bounds: TailBounds = { events: 4096, bytes: 16 * 1024 * 1024 }): Tail {
  const commits = new EventEmitter();
  commits.setMaxListeners(0);
  let kept: (RecordedEvent | undefined)[] = [];
  let first = 0;
  let floor = 0n;
  let head = 0n;
  let bytes = 0;

  const trim = () => {
    for (let event = kept[first]; event; event = kept[first]) {
      if (kept.length - first <= bounds.events && bytes <= bounds.bytes) break;
      bytes -= sizeOf(event);
      floor = event.position;
      kept[first] = undefined;
      first += 1;
    }
    if (first < spareSlots) return;
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

  const portionFrom = (index: number) => {
    const events: RecordedEvent[] = [];
    let size = 0;
    for (let at = index; events.length < portion.events && size < portion.bytes; at += 1) {
      const event = kept[at];
      if (!event) break;
      events.push(event);
      size += sizeOf(event);
    }
    return events;
  };

  return {
    head: () => head,
    after: (position) => (position < floor ? undefined : portionFrom(indexAfter(position))),
    beyond: async (position, signal) => {
      while (head <= position) await once(commits, 'commit', { signal });
    },
    push: (events) => {
      for (const event of events) {
        bytes += sizeOf(event);
        kept.push(event);
        head = event.position;
      }
      trim();
      commits.emit('commit');
    },
    reset: (to) => {
      kept = [];
      first = 0;
      bytes = 0;
      floor = to;
      head = to;
      commits.emit('commit');
    },
  };
}
