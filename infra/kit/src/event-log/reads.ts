import {
  BACKWARDS,
  END,
  FORWARDS,
  type ResolvedEvent,
  START,
  type StreamingRead,
  StreamNotFoundError,
} from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { type EventLog, LogUnavailable } from './eventLog.js';
import type { LogAddress } from './logClient.js';
import { isStrange, NoAnswer } from './outcome.js';
import type { Renewable } from './renewable.js';
import { toRecorded } from './toRecorded.js';
import type { ReadPart } from './unknownOutcome.js';

type Reads = Pick<EventLog, 'readStream' | 'readAll' | 'readAt' | 'head'> & { readPart: ReadPart };

export interface ReadsOptions {
  client: Renewable;
  credentials: LogAddress['credentials'];
  /** A read that gives nothing for so long has failed; the client itself would wait for ever. */
  silenceMs: number;
}

export const reads = ({ client, credentials, silenceMs }: ReadsOptions): Reads => {
  const base = { credentials, requiresLeader: true };

  const collect = async (
    start: (from: ReturnType<Renewable['current']>) => StreamingRead<ResolvedEvent>,
    ms = silenceMs,
  ): Promise<RecordedEvent[]> => {
    const used = client.current();
    try {
      return (await collected(start(used), ms)).map(toRecorded);
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      if (isStrange(error) && !isInvalidPosition(error)) client.renew(used);
      throw new LogUnavailable(error);
    }
  };

  const readAll: EventLog['readAll'] = async (after, limit) => {
    if (limit < 1) return [];
    const fromPosition = after === undefined ? START : { commit: after, prepare: after };
    const maxCount = after === undefined ? limit : limit + 1;
    const read = await collect((from) => from.readAll({ ...base, direction: FORWARDS, fromPosition, maxCount }));
    // Forwards, a read begins at its position, not after it.
    if (read[0]?.position === after) read.shift();
    return read.length > limit ? read.slice(0, limit) : read;
  };

  return {
    readAll,
    readStream: (stream, from) => {
      const fromRevision = from ?? START;
      return collect((used) => used.readStream(stream, { ...base, direction: FORWARDS, fromRevision }));
    },
    readPart: (stream, from, maxCount, ms) =>
      collect((used) => {
        const part = { ...base, maxCount };
        return from === 'end'
          ? used.readStream(stream, { ...part, direction: BACKWARDS, fromRevision: END })
          : used.readStream(stream, { ...part, direction: FORWARDS, fromRevision: from });
      }, ms),
    readAt: async (position) => {
      const fromPosition = { commit: position, prepare: position };
      try {
        const [event] = await collect((from) =>
          from.readAll({ ...base, direction: FORWARDS, fromPosition, maxCount: 1 }),
        );
        return event?.position === position ? event : undefined;
      } catch (error) {
        if (error instanceof LogUnavailable && isInvalidPosition(error.cause)) return undefined;
        throw error;
      }
    },
    head: async () => {
      const [last] = await collect((from) =>
        from.readAll({ ...base, direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
      );
      return last?.position;
    },
  };
};

/** A position on which no event stands: an answer, and the only one that is told by its words. */
const isInvalidPosition = (error: unknown): boolean =>
  error instanceof Error && /invalid ?position/i.test(error.message);

const collected = (read: StreamingRead<ResolvedEvent>, silenceMs: number): Promise<ResolvedEvent[]> =>
  new Promise((resolve, reject) => {
    const events: ResolvedEvent[] = [];
    let seen = -1;
    const fail = (error: unknown) => {
      clearInterval(watch);
      read.destroy();
      void read.cancel();
      reject(error);
    };
    const watch = setInterval(() => {
      if (seen === events.length) fail(new NoAnswer());
      seen = events.length;
    }, silenceMs / 2);
    read
      .on('data', (resolved) => events.push(resolved))
      .on('error', fail)
      .on('end', () => {
        clearInterval(watch);
        resolve(events);
      });
  });
