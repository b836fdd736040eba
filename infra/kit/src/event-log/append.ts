import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppendExpectedRevision,
  type AppendResult,
  ANY as CLIENT_ANY,
  NO_STREAM as CLIENT_NO_STREAM,
  jsonEvent,
} from '@eventstore/db-client';
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
import { isStrange, refusal, within } from './outcome.js';
import type { Renewable } from './renewable.js';
import { findOut, type ReadPart } from './unknownOutcome.js';

export interface AppendOptions {
  client: Renewable;
  credentials: LogAddress['credentials'];
  /** All of it: first attempt, finding out, retries. */
  deadlineMs: number;
  readPart: ReadPart;
}

/** With less than this left, nothing more is tried. */
const LEAST_MS = 50;

export const append = ({ client, credentials, deadlineMs, readPart }: AppendOptions): EventLog['append'] => {
  /** One attempt gets at most this, so that finding out what became of it fits the deadline too. */
  const attemptMs = deadlineMs * 0.4;

  const attempt = async (stream: string, events: readonly EventToAppend[], at: ExpectedRevision, ms: number) => {
    const used = client.current();
    const options = { credentials, requiresLeader: true, deadline: ms, expectedRevision: inClientWords(at) };
    try {
      return place(await within(ms + LEAST_MS, used.appendToStream(stream, events.map(toJson), options)));
    } catch (error) {
      if (refusal(error, stream) === undefined && isStrange(error)) client.renew(used);
      throw error;
    }
  };

  return async (stream, events, expected) => {
    checkAppend(stream, events);
    const end = performance.now() + deadlineMs;
    const left = () => end - performance.now();
    let at: ExpectedRevision | undefined = expected;
    let cause: unknown;
    for (let attempts = 0; left() > LEAST_MS; attempts++) {
      try {
        if (at !== undefined) return await attempt(stream, events, at, Math.min(attemptMs, left()));
      } catch (error) {
        const refused = refusal(error, stream);
        // Only a retry of ours names a revision where the caller took any: whoever came between is no conflict.
        const outrun = refused instanceof WrongRevision && expected === ANY && at !== ANY;
        if (refused !== undefined && !outrun) throw refused;
        cause = error;
      }
      await sleep(Math.min(backoffMs(attempts), Math.max(left(), 0)));
      if (left() <= LEAST_MS) break;
      const found = await findOut({ stream, events, expected }, readPart, Math.min(attemptMs, left()));
      if ('position' in found) return found;
      at = found.retryAt;
    }
    throw new LogUnavailable(cause);
  };
};

const backoffMs = (attempts: number): number => Math.min(25 * 2 ** attempts, 400) * (0.5 + Math.random() / 2);

const toJson = ({ id, type, data, metadata }: EventToAppend) => jsonEvent({ id, type, data, metadata });

const inClientWords = (expected: ExpectedRevision): AppendExpectedRevision => {
  if (expected === NO_STREAM) return CLIENT_NO_STREAM;
  return expected === ANY ? CLIENT_ANY : expected;
};

const place = ({ nextExpectedRevision, position }: AppendResult): Appended => {
  if (position === undefined) throw new TypeError('the event log acknowledged an append without its position');
  return { revision: nextExpectedRevision, position: position.commit };
};
