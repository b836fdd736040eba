import { EventEmitter, once } from 'node:events';
import type { RecordedEvent } from '@ums/contracts/events/event';
import {
  ANY,
  type Appended,
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  LogUnavailable,
  NO_STREAM,
  WrongRevision,
} from '@ums/kit/event-log/eventLog';
import { checkAppend } from '@ums/kit/event-log/eventToAppend';

/** The log's fake for tests of use cases, held to the same contract as the real one, with its failures at will. */
export interface MemoryEventLog extends EventLog {
  /** All events in commit order. */
  readonly events: readonly RecordedEvent[];
  /** The next calls fail without effect. */
  refuse(times?: number): void;
  /** The next appends commit and fail nevertheless. */
  dropReplies(times?: number): void;
  /** The next appends lose against a writer that is not there. */
  conflict(times?: number): void;
  /** Every call waits until the function given back is called. */
  hang(): () => void;
  /** Runs once, just before the next append takes effect: where another writer comes in between. */
  beforeAppend(work: () => Promise<unknown>): void;
}

export const memoryEventLog = (): MemoryEventLog => {
  const events: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  let refusals = 0;
  let dropped = 0;
  let conflicts = 0;
  let hanging: Promise<void> | undefined;
  let interruption: (() => Promise<unknown>) | undefined;

  const reached = async (): Promise<void> => {
    await hanging;
    if (refusals > 0) {
      refusals--;
      throw new LogUnavailable();
    }
  };

  const write = (stream: string, toAppend: readonly EventToAppend[]): Appended => {
    const written = streams.get(stream) ?? [];
    streams.set(stream, written);
    for (const { id, type, data, metadata } of toAppend) {
      const json = JSON.stringify([data, metadata]);
      const [storedData, storedMetadata] = JSON.parse(json) as [unknown, unknown];
      const position = (events.at(-1)?.position ?? 0n) + 100n + BigInt(json.length);
      const place = { id, stream, revision: BigInt(written.length), position };
      const event = { ...place, type, data: storedData, metadata: storedMetadata };
      written.push(event);
      events.push(event);
    }
    arrivals.emit('arrival');
    return endOf(written);
  };

  const append: EventLog['append'] = async (stream, toAppend, expected) => {
    checkAppend(stream, toAppend);
    await reached();
    const work = interruption;
    interruption = undefined;
    await work?.();
    const written = streams.get(stream) ?? [];
    if (conflicts > 0) {
      conflicts--;
      throw new WrongRevision(stream, written.at(-1)?.revision ?? NO_STREAM);
    }
    const appended = repeated(written, toAppend, expected) ?? write(stream, toAppend);
    if (dropped > 0) {
      dropped--;
      throw new LogUnavailable();
    }
    return appended;
  };

  /** Index of the first event after a position. */
  const indexAfter = (after: bigint | undefined): number => {
    let low = 0;
    for (let high = events.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((events[middle]?.position ?? 0n) > (after ?? -1n)) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  async function* follow(
    after: bigint | undefined,
    { signal }: Parameters<EventLog['follow']>[1],
  ): AsyncIterableIterator<RecordedEvent> {
    for (let index = indexAfter(after); !signal.aborted; ) {
      await hanging;
      const event = events[index];
      if (event !== undefined) {
        index++;
        yield event;
      } else {
        await once(arrivals, 'arrival', { signal }).catch(() => signal.aborted);
      }
    }
  }

  return {
    events,
    append,
    readStream: async (stream, from = 0n) => {
      await reached();
      return (streams.get(stream) ?? []).slice(Number(from));
    },
    readAll: async (after, limit) => {
      await reached();
      const start = indexAfter(after);
      return events.slice(start, start + limit);
    },
    readAt: async (position) => {
      await reached();
      const event = events[indexAfter(position - 1n)];
      return event?.position === position ? event : undefined;
    },
    head: async () => {
      await reached();
      return events.at(-1)?.position;
    },
    follow,
    refuse: (times = 1) => {
      refusals += times;
    },
    dropReplies: (times = 1) => {
      dropped += times;
    },
    conflict: (times = 1) => {
      conflicts += times;
    },
    hang: () => {
      let resume: () => void = () => undefined;
      hanging = new Promise((resolve) => {
        resume = resolve;
      });
      return () => {
        hanging = undefined;
        resume();
      };
    },
    beforeAppend: (work) => {
      interruption = work;
    },
  };
};

const endOf = (written: readonly RecordedEvent[]): Appended => {
  const last = written.at(-1);
  if (last === undefined) throw new TypeError('an empty stream has no end');
  return { revision: last.revision, position: last.position };
};

/** What a server answers to ids it has written already; `undefined` when the events are to be written. */
const repeated = (
  written: readonly RecordedEvent[],
  toAppend: readonly EventToAppend[],
  expected: ExpectedRevision,
): Appended | undefined => {
  const stream = written[0]?.stream ?? '';
  const last = written.at(-1)?.revision ?? -1n;
  const first = expected === ANY ? written.findIndex(({ id }) => id === toAppend[0]?.id) : startOf(expected);
  if (expected === ANY ? first === -1 : BigInt(first - 1) === last) return undefined;
  const there = written.slice(first, first + toAppend.length);
  if (there.length < toAppend.length || there.some(({ id }, index) => id !== toAppend[index]?.id))
    throw new WrongRevision(stream, last === -1n ? NO_STREAM : last);
  return endOf(there);
};

const startOf = (expected: bigint | typeof NO_STREAM): number => (expected === NO_STREAM ? 0 : Number(expected) + 1);
