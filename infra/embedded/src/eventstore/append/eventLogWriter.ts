import { setTimeout as delay } from 'node:timers/promises';
import { ownMemory } from '../ownMemory.js';
import { EventLogInUse, openWriterConnection, type WriterConnection } from '../storage/writerConnection.js';
import type { Tail } from '../tail.js';
import { unavailable } from '../wire/statusError.js';
import type { Append, AppendOutcome } from './append.js';
import { appendQueue } from './appendQueue.js';
import { batchStates } from './batchStates.js';
import { cacheKey, familyHeads } from './familyHeads.js';
import { planBatch } from './planBatch.js';
import type { StreamFamily } from './streamFamily.js';

export interface EventLogWriter {
  /**
   * Resolves once the append is durable or refused. Never settles when `isCallerWaiting` is false at its turn: the append
   * is dropped then. Rejects with UNAVAILABLE when the database fails; the outcome is unknown then.
   */
  append(append: Append, isCallerWaiting: () => boolean): Promise<AppendOutcome>;
  /** Refuses new appends, finishes the queued ones, and releases the log's lock. */
  close(): Promise<void>;
}

export interface EventLogWriterOptions {
  readonly databaseUrl: string;
  readonly tail: Tail;
  /** Called when another server has taken the log's lock. */
  readonly onFatal: (error: Error) => void;
  /** Called with the database's error when a write failed. */
  readonly onWriteFailed: (error: unknown) => void;
  readonly timing?: Partial<WriterTiming>;
}

/** Milliseconds, except `lockAttempts`. */
export interface WriterTiming {
  /** Timeout of one statement; its connection is closed afterwards. */
  readonly statement: number;
  /** How long to wait for a previous holder of the log's lock. */
  readonly lock: number;
  /** Delay between two attempts to reconnect. */
  readonly retry: number;
  /** Number of consecutive failures to get the lock after which `onFatal` is called. */
  readonly lockAttempts: number;
}

const databaseUnavailable = () =>
  unavailable("The event log's database does not answer; the outcome of this append is unknown.");
const DEFAULT_TIMING: WriterTiming = { statement: 5_000, lock: 2_000, retry: 200, lockAttempts: 15 };

/**
 * The only writer of the log. Each transaction writes all appends that were queued during the previous commit. After a
 * failure it reconnects, takes the log's lock again, and discards its cached stream heads and tail.
 * @throws EventLogInUse when another server holds the lock; EngineFailed when the database is not usable.
 */
export const startEventLogWriter = async (options: EventLogWriterOptions): Promise<EventLogWriter> => {
  const { databaseUrl, tail, onFatal, onWriteFailed } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const queue = appendQueue();
  const heads = familyHeads();
  let connection: WriterConnection | undefined;
  let writing: Promise<void> | undefined;
  let reconnecting = Promise.resolve();
  let closing = false;

  const open = async () => {
    const opened = await openWriterConnection(databaseUrl, timing, onLost);
    heads.clear();
    tail.reset(opened.head);
    connection = opened;
  };

  const reconnect = async () => {
    for (let lockFailures = 0; !closing; ) {
      try {
        await open();
        return;
      } catch (error) {
        lockFailures = error instanceof EventLogInUse ? lockFailures + 1 : 0;
        if (error instanceof EventLogInUse && lockFailures === timing.lockAttempts) onFatal(error);
        await delay(timing.retry);
      }
    }
  };

  const onLost = (lost: WriterConnection) => {
    if (connection !== lost) return;
    connection = undefined;
    queue.rejectAll(databaseUnavailable());
    reconnecting = reconnect();
  };

  const remember = ({ stream, metadata, softDelete }: StreamFamily) => {
    if (!stream.last && !metadata.last) return;
    const owned = softDelete && ownMemory(softDelete);
    heads.set(cacheKey(stream.streamKey), { last: stream.last, metadata: metadata.last, softDelete: owned });
  };

  const commit = async (writer: WriterConnection, appends: readonly Append[]): Promise<AppendOutcome[]> => {
    const states = await batchStates(appends, writer, heads);
    const { events, outcomes } = planBatch(appends, states, tail.head(), Date.now());
    if (events.length > 0) {
      await writer.insert(events);
      for (const { family } of states) remember(family);
      tail.push(events);
    }
    return outcomes;
  };

  const writeQueue = async () => {
    for (let writer = connection; writer && queue.size() > 0; writer = connection) {
      const batch = queue.take();
      try {
        const outcomes = await commit(
          writer,
          batch.map(({ append }) => append),
        );
        for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome);
      } catch (error) {
        onWriteFailed(error);
        for (const { reject } of batch) reject(databaseUnavailable());
        onLost(writer);
        await writer.close();
      }
    }
    writing = undefined;
  };

  await open();
  return {
    append: (append, isCallerWaiting) => {
      if (closing || connection === undefined) return Promise.reject(databaseUnavailable());
      const outcome = queue.add(append, isCallerWaiting);
      writing ??= writeQueue();
      return outcome;
    },
    close: async () => {
      closing = true;
      await writing;
      await reconnecting;
      const last = connection;
      connection = undefined;
      await last?.close();
    },
  };
};
