import { EventEmitter, once } from 'node:events';
import type { LogEvent } from './logEvent.js';

/** How much of the log's end is kept in memory for subscribers that are live. */
export interface TailBounds {
  readonly events: number;
  readonly bytes: number;
}

export interface Tail {
  /** Position of the last committed event, 0 in an empty log. */
  head(): bigint;
  /** Committed events beyond a position, oldest first; undefined where some of them are no longer kept. */
  after(position: bigint): readonly LogEvent[] | undefined;
  /** Resolves when something was committed beyond a position; rejects when the signal aborts. */
  beyond(position: bigint, signal: AbortSignal): Promise<void>;
  /** Takes over what a transaction committed. */
  push(events: readonly LogEvent[]): void;
  /** Starts anew at a head that was read from the database. */
  reset(head: bigint): void;
}

const overhead = 400;
// An event is held twice once it has been sent: as it came and as its frame.
const sizeOf = (event: LogEvent) => overhead + 2 * (event.data.length + event.metadata.length);

/** The recent end of the log. A subscriber that is slower than it is kept goes back to reading the database. */
export function createTail(bounds: TailBounds = { events: 4096, bytes: 16 * 1024 * 1024 }): Tail {
  const commits = new EventEmitter();
  commits.setMaxListeners(0);
  let events: LogEvent[] = [];
  let floor = 0n;
  let head = 0n;
  let bytes = 0;

  const trim = () => {
    let dropped = 0;
    for (const event of events) {
      if (events.length - dropped <= bounds.events && bytes <= bounds.bytes) break;
      bytes -= sizeOf(event);
      floor = event.position;
      dropped += 1;
    }
    if (dropped > 0) events = events.slice(dropped);
  };

  const firstAfter = (position: bigint) => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((events[middle]?.position ?? head) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    head: () => head,
    after: (position) => (position < floor ? undefined : events.slice(firstAfter(position))),
    beyond: async (position, signal) => {
      while (head <= position) await once(commits, 'commit', { signal });
    },
    push: (committed) => {
      for (const event of committed) bytes += sizeOf(event);
      events = events.concat(committed);
      head = committed.at(-1)?.position ?? head;
      trim();
      commits.emit('commit');
    },
    reset: (to) => {
      events = [];
      bytes = 0;
      floor = to;
      head = to;
      commits.emit('commit');
    },
  };
}
