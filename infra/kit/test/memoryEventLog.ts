import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { RecordedEvent } from '@ums/contracts/events/event';
import {
  type Appended,
  type EventLog,
  type EventToAppend,
  LogUnavailable,
  NO_STREAM,
  StreamDeleted,
  WrongRevision,
} from '@ums/kit/event-log/eventLog';
import { checkAppend, checkMaxAge } from '@ums/kit/event-log/eventToAppend';
import { isMaxAge } from '@ums/kit/event-log/isMaxAge';
import { earlierAppend, endOf } from './earlierAppend.js';

/** In-memory event log for tests of use cases. It passes the contract test of the real log and can be made to fail. */
export interface MemoryEventLog extends EventLog {
  /** All events in commit order. */
  readonly events: readonly RecordedEvent[];
  /** Makes the next calls fail without effect. */
  refuse(times?: number): void;
  /** Makes the next appends commit and then fail. */
  dropReplies(times?: number): void;
  /** Makes the next appends fail with WrongRevision, without another writer. */
  conflict(times?: number): void;
  /** Deletes a stream for good, as an operator can. The whole log still has its events, as a real one has for a while. */
  deleteStream(stream: string): void;
  /** Makes every call wait until the returned function is called. */
  hang(): () => void;
  /** Runs `work` once, just before the next append takes effect, for example to append as another writer. */
  beforeAppend(work: () => Promise<unknown>): void;
}

export const memoryEventLog = (): MemoryEventLog => {
  const events: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const deleted = new Set<string>();
  const writtenAt = new WeakMap<RecordedEvent, number>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  let refusals = 0;
  let dropped = 0;
  let conflicts = 0;
  let hanging: Promise<void> | undefined;
  let runBeforeAppend: (() => Promise<unknown>) | undefined;

  const startCall = async (): Promise<void> => {
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
      writtenAt.set(event, Date.now());
    }
    arrivals.emit('arrival');
    return endOf(written);
  };

  const append: EventLog['append'] = async (stream, toAppend, expected) => {
    checkAppend(stream, toAppend);
    await startCall();
    const work = runBeforeAppend;
    runBeforeAppend = undefined;
    await work?.();
    if (deleted.has(stream)) throw new StreamDeleted(stream);
    const written = streams.get(stream) ?? [];
    if (conflicts > 0) {
      conflicts--;
      throw new WrongRevision(stream, expected, written.at(-1)?.revision ?? NO_STREAM);
    }
    const appended = earlierAppend(stream, written, toAppend, expected) ?? write(stream, toAppend);
    if (dropped > 0) {
      dropped--;
      throw new LogUnavailable();
    }
    return appended;
  };

  const setMaxAge: EventLog['setMaxAge'] = async (stream, seconds, replaced = []) => {
    checkMaxAge(stream, seconds);
    await startCall();
    const event = { id: randomUUID(), type: '$metadata', data: { $maxAge: seconds }, metadata: {} };
    const last = streams.get(`$$${stream}`)?.at(-1);
    if (deleted.has(stream)) return;
    if (last === undefined || isMaxAge(last.data, replaced)) write(`$$${stream}`, [event]);
  };

  /** Whether the maximum age of its stream shows an event. */
  const isShown = (event: RecordedEvent): boolean => {
    const metadata = streams.get(`$$${event.stream}`)?.at(-1)?.data as { $maxAge: number } | undefined;
    return metadata === undefined || Date.now() - (writtenAt.get(event) ?? 0) <= metadata.$maxAge * 1_000;
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
    setMaxAge,
    readStream: async (stream, from = 0n) => {
      await startCall();
      return (streams.get(stream) ?? []).slice(Number(from)).filter(isShown);
    },
    readPart: async (stream, { from, limit, isBackwards = false }) => {
      await startCall();
      const written = streams.get(stream) ?? [];
      if (isBackwards)
        return written
          .slice(0, from === undefined ? undefined : Number(from) + 1)
          .toReversed()
          .slice(0, limit);
      return written.slice(Number(from ?? 0n)).slice(0, limit);
    },
    readAll: async (after, limit) => {
      await startCall();
      const start = indexAfter(after);
      return events.slice(start, start + limit);
    },
    positions: async (after, upTo) => {
      await startCall();
      return events.slice(indexAfter(after), indexAfter(upTo)).map(({ position }) => position);
    },
    readAt: async (position) => {
      await startCall();
      const event = events[indexAfter(position - 1n)];
      return event?.position === position ? event : undefined;
    },
    head: async () => {
      await startCall();
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
    deleteStream: (stream) => {
      deleted.add(stream);
      streams.delete(stream);
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
      runBeforeAppend = work;
    },
  };
};
