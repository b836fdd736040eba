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
import { needsNewClient } from './clientErrors.js';
import { type EventLog, LogUnavailable } from './eventLog.js';
import type { LogAddress } from './logClient.js';
import type { RenewableClient } from './renewableClient.js';
import { toRecorded } from './toRecorded.js';
import type { ReadPart } from './unknownOutcome.js';
import { TimedOut } from './withTimeout.js';

type Reads = Pick<EventLog, 'readStream' | 'readAll' | 'readAt' | 'head'> & { readPart: ReadPart };

export interface ReadsOptions {
  client: RenewableClient;
  credentials: LogAddress['credentials'];
  /** A read that receives nothing for this long fails; the client itself would wait forever. */
  silenceMs: number;
}

/** Implements the reads of {@link EventLog}, and `readPart`, which reads part of a stream within a given time. */
export const reads = ({ client, credentials, silenceMs }: ReadsOptions): Reads => {
  const base = { credentials, requiresLeader: true };

  const collect = async (
    start: (used: ReturnType<RenewableClient['current']>) => StreamingRead<ResolvedEvent>,
    ms = silenceMs,
  ): Promise<RecordedEvent[]> => {
    const used = client.current();
    try {
      return (await readToEnd(start(used), ms)).map(toRecorded);
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      if (needsNewClient(error) && !isInvalidPosition(error)) client.replace(used);
      throw new LogUnavailable(error);
    }
  };

  const readAll: EventLog['readAll'] = async (after, limit) => {
    if (limit < 1) return [];
    const fromPosition = after === undefined ? START : { commit: after, prepare: after };
    const maxCount = after === undefined ? limit : limit + 1;
    const read = await collect((used) => used.readAll({ ...base, direction: FORWARDS, fromPosition, maxCount }));
    // A forward read includes the event at its start position.
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
        const [event] = await collect((used) =>
          used.readAll({ ...base, direction: FORWARDS, fromPosition, maxCount: 1 }),
        );
        return event?.position === position ? event : undefined;
      } catch (error) {
        if (error instanceof LogUnavailable && isInvalidPosition(error.cause)) return undefined;
        throw error;
      }
    },
    head: async () => {
      const [last] = await collect((used) =>
        used.readAll({ ...base, direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
      );
      return last?.position;
    },
  };
};

/** No event is at the position. The client has no error class for this answer, so its message is matched. */
const isInvalidPosition = (error: unknown): boolean =>
  error instanceof Error && /invalid ?position/i.test(error.message);

const readToEnd = (read: StreamingRead<ResolvedEvent>, silenceMs: number): Promise<ResolvedEvent[]> =>
  new Promise((resolve, reject) => {
    const events: ResolvedEvent[] = [];
    let countBefore = -1;
    const fail = (error: unknown) => {
      clearInterval(silenceTimer);
      read.destroy();
      void read.cancel();
      reject(error);
    };
    const silenceTimer = setInterval(() => {
      if (countBefore === events.length) fail(new TimedOut());
      countBefore = events.length;
    }, silenceMs / 2);
    read
      .on('data', (resolved) => events.push(resolved))
      .on('error', fail)
      .on('end', () => {
        clearInterval(silenceTimer);
        resolve(events);
      });
  });
