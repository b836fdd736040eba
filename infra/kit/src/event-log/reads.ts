import { setTimeout as sleep } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  FORWARDS,
  type ResolvedEvent,
  START,
  StreamDeletedError,
  type StreamingRead,
  StreamNotFoundError,
} from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { backoffMs } from '../backoffMs.js';
import { noteWait } from '../wait.js';
import { TimedOut } from '../withTimeout.js';
import { isAnswerOfLog, needsNewClient } from './clientErrors.js';
import { type EventLog, LogUnavailable, type StreamPart } from './eventLog.js';
import type { LogAddress } from './logClient.js';
import type { RenewableClient } from './renewableClient.js';
import { toRecorded } from './toRecorded.js';
import type { ReadPart } from './unknownOutcome.js';

type Reads = Pick<EventLog, 'readStream' | 'readAll' | 'readAt' | 'head'> & {
  readPart: EventLog['readPart'] & ReadPart;
};

export interface ReadsOptions {
  client: RenewableClient;
  credentials: LogAddress['credentials'];
  /** A read that receives nothing for this long fails; the client itself would wait forever. */
  silenceMs: number;
  /**
   * A read that failed without an answer of the log (lost connection, restarting server) is tried again until this aborts,
   * within `silenceMs` of its start. Without it a read is tried once.
   */
  retryUntil?: AbortSignal;
}

/** With less time left, no further attempt is made. */
const MIN_ATTEMPT_MS = 50;
const BACKOFF = { firstMs: 25, maxMs: 400 };

/** Implements the reads of {@link EventLog}; `readPart` also takes a time limit. */
export const reads = ({ client, credentials, silenceMs, retryUntil }: ReadsOptions): Reads => {
  const base = { credentials, requiresLeader: true };

  const collect = async (
    start: (used: ReturnType<RenewableClient['current']>) => StreamingRead<ResolvedEvent>,
    ms = silenceMs,
  ): Promise<RecordedEvent[]> => {
    let reason: unknown;
    const startedAt = performance.now();
    const waitedMs = () => performance.now() - startedAt;
    for (let attempts = 0; ; attempts++) {
      const used = client.current();
      try {
        return (await readToEnd(start(used), ms - waitedMs())).map(toRecorded);
      } catch (error) {
        // Of a stream that an operator has deleted for good, nothing is left to read.
        if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return [];
        const isAnswer = isAnswerOfLog(error) || isInvalidPosition(error);
        // An attempt that the time limit cut short does not tell why those before it failed, such as a refused certificate.
        reason = error instanceof TimedOut ? (reason ?? error) : error;
        if (needsNewClient(error) && !isInvalidPosition(error)) client.replace(used);
        const pauseMs = backoffMs(attempts + 1, BACKOFF);
        if (isAnswer || (retryUntil?.aborted ?? true) || waitedMs() + pauseMs + MIN_ATTEMPT_MS > ms)
          throw noteWait(new LogUnavailable(reason), {
            dependency: 'event log',
            limit: limitOf(reason, ms),
            waitedMs: waitedMs(),
          });
        await sleep(pauseMs);
      }
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
    // With a `maxCount` of 0 the server would never answer.
    readPart: async (stream, { from, limit, isBackwards = false }: StreamPart, ms: number = silenceMs) => {
      if (limit < 1) return [];
      const part = { ...base, maxCount: limit };
      return collect(
        (used) =>
          isBackwards
            ? used.readStream(stream, { ...part, direction: BACKWARDS, fromRevision: from ?? END })
            : used.readStream(stream, { ...part, direction: FORWARDS, fromRevision: from ?? START }),
        ms,
      );
    },
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

const limitOf = (error: unknown, ms: number): string =>
  error instanceof TimedOut ? `nothing received for ${Math.round(ms)} ms` : `not answered within ${Math.round(ms)} ms`;

/**
 * Collects the events of a read. Cancels the call only when our own time limit ends it: a cancel is an HTTP/2 reset, also
 * when the server has already ended the call (stream not found), and Node's HTTP/2 server closes a connection with all
 * its reads after a burst of a thousand resets.
 */
const readToEnd = (read: StreamingRead<ResolvedEvent>, silenceMs: number): Promise<ResolvedEvent[]> =>
  new Promise((resolve, reject) => {
    const events: ResolvedEvent[] = [];
    let countBefore = -1;
    const fail = (error: unknown) => {
      clearInterval(silenceTimer);
      read.destroy();
      reject(error);
    };
    const silenceTimer = setInterval(() => {
      if (countBefore === events.length) {
        fail(new TimedOut());
        // Rejects where there is no call yet, because no node of the cluster was found.
        read.cancel().catch(() => undefined);
      }
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
