import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppendExpectedRevision,
  type AppendResult,
  ANY as CLIENT_ANY,
  NO_STREAM as CLIENT_NO_STREAM,
  jsonEvent,
} from '@eventstore/db-client';
import { backoffMs } from '../backoffMs.js';
import { noteWait } from '../wait.js';
import { withTimeout } from '../withTimeout.js';
import { certainFailure, needsNewClient } from './clientErrors.js';
import {
  ANY,
  type Appended,
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  LogUnavailable,
  NO_STREAM,
  WrongRevision,
} from './eventLog.js';
import { checkAppend } from './eventToAppend.js';
import type { LogAddress } from './logClient.js';
import type { RenewableClient } from './renewableClient.js';
import { type ReadPart, resolveUnknownOutcome } from './unknownOutcome.js';

export interface AppendOptions {
  client: RenewableClient;
  credentials: LogAddress['credentials'];
  /** Limits the whole append: the first attempt, resolving its outcome, and retries. */
  deadlineMs: number;
  readPart: ReadPart;
}

/** With less time left, no further attempt is made. */
const MIN_ATTEMPT_MS = 50;
const BACKOFF = { firstMs: 25, maxMs: 400 };

/** Implements {@link EventLog.append}. @throws TypeError for an invalid append, and what `appendAnywhere` throws. */
export const append = (options: AppendOptions): EventLog['append'] => {
  const write = appendAnywhere(options);
  return async (stream, events, expected) => {
    checkAppend(stream, events);
    return write(stream, events, expected);
  };
};

/**
 * Appends without a check, also to system streams. Each attempt gets 40 % of the deadline. If its outcome is unknown, the stream is
 * searched for the events, and a new attempt is made unless they are there.
 *
 * @throws what {@link EventLog.append} throws; TypeError if the log omits its position; the client's error for too much data.
 */
export const appendAnywhere = ({ client, credentials, deadlineMs, readPart }: AppendOptions): EventLog['append'] => {
  /** Less than half of the deadline, so that resolving the attempt's outcome fits in as well. */
  const attemptMs = deadlineMs * 0.4;

  const attempt = async (stream: string, events: readonly EventToAppend[], at: ExpectedRevision, ms: number) => {
    const used = client.current();
    const options = { credentials, requiresLeader: true, deadline: ms, expectedRevision: toClientRevision(at) };
    try {
      const call = used.appendToStream(stream, events.map(toJson), options);
      return toAppended(await withTimeout(ms + MIN_ATTEMPT_MS, call));
    } catch (error) {
      if (certainFailure(error, stream, at) === undefined && needsNewClient(error)) client.replace(used);
      throw error;
    }
  };

  return async (stream, events, expected) => {
    const end = performance.now() + deadlineMs;
    const remainingMs = () => end - performance.now();
    let attemptAt: ExpectedRevision | undefined = expected;
    let cause: unknown;
    for (let attempts = 0; remainingMs() > MIN_ATTEMPT_MS; attempts++) {
      try {
        if (attemptAt !== undefined)
          return await attempt(stream, events, attemptAt, Math.min(attemptMs, remainingMs()));
      } catch (error) {
        // Only a closed client: another attempt would fail as well.
        if (error instanceof LogUnavailable) throw error;
        const failure = certainFailure(error, stream, attemptAt ?? expected);
        // A caller that accepts ANY revision sees no conflict: only our own retry named a revision.
        const isConflictOfRetry = failure instanceof WrongRevision && expected === ANY && attemptAt !== ANY;
        if (failure !== undefined && !isConflictOfRetry) throw failure;
        cause = error;
      }
      await sleep(Math.min(backoffMs(attempts + 1, BACKOFF), Math.max(remainingMs(), 0)));
      if (remainingMs() <= MIN_ATTEMPT_MS) break;
      const readMs = Math.min(attemptMs, remainingMs());
      const outcome = await resolveUnknownOutcome({ stream, events, expected }, readPart, readMs);
      if ('position' in outcome) return outcome;
      attemptAt = outcome.retryAt;
    }
    const limit = `not acknowledged within ${deadlineMs} ms`;
    const waitedMs = deadlineMs - remainingMs();
    throw noteWait(new LogUnavailable(cause), { dependency: 'event log', limit, waitedMs });
  };
};

const toJson = ({ id, type, data, metadata }: EventToAppend) => jsonEvent({ id, type, data, metadata });

const toClientRevision = (expected: ExpectedRevision): AppendExpectedRevision => {
  if (expected === NO_STREAM) return CLIENT_NO_STREAM;
  return expected === ANY ? CLIENT_ANY : expected;
};

const toAppended = ({ nextExpectedRevision, position }: AppendResult): Appended => {
  if (position === undefined) throw new TypeError('the event log acknowledged an append without its position');
  return { revision: nextExpectedRevision, position: position.commit };
};
