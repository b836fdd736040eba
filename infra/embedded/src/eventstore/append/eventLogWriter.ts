import { setTimeout as delay } from 'node:timers/promises';
import { EventLogInUse, openWriterConnection, type WriterConnection } from '../storage/writerConnection.js';
import type { Tail } from '../tail.js';
import { unavailable } from '../wire/statusError.js';
import type { Append, AppendOutcome } from './append.js';
import { appendQueue } from './appendQueue.js';
import { batchStates } from './batchStates.js';
import { planBatch } from './planBatch.js';
import { cacheKey, streamHeads } from './streamHeads.js';

export interface EventLogWriter {
  /** Resolves when the append is durable or refused; one that is no longer wanted when its turn comes, never. Rejects with UNAVAILABLE; what then became of it is unknown. */
  append(append: Append, wanted: () => boolean): Promise<AppendOutcome>;
  /** Refuses new appends, finishes those that wait, and gives the log's lock back. */
  close(): Promise<void>;
}

export interface EventLogWriterOptions {
  readonly databaseUrl: string;
  readonly tail: Tail;
  /** Called when the log was lost to another server. */
  readonly onFatal: (error: Error) => void;
  readonly timing?: Partial<WriterTiming>;
}

/** Milliseconds. */
export interface WriterTiming {
  /** What one statement may take before its connection is given up. */
  readonly statement: number;
  /** What an earlier holder of the log's lock is waited for. */
  readonly lock: number;
  /** Between two attempts to connect again. */
  readonly retry: number;
  /** How often in a row the lock may be found taken before the log counts as lost. */
  readonly lockAttempts: number;
}

const databaseIsGone = () => unavailable("The log's database does not answer; what became of this append is unknown.");
const usual: WriterTiming = { statement: 5_000, lock: 2_000, retry: 200, lockAttempts: 15 };

/**
 * The one writer of the log: a transaction carries everything that queued up while the last one was committing.
 * After any failure it trusts nothing it remembers: it takes the log's lock anew and reads where the log stands.
 */
export async function startEventLogWriter(options: EventLogWriterOptions): Promise<EventLogWriter> {
  const { databaseUrl, tail, onFatal } = options;
  const timing = { ...usual, ...options.timing };
  const queue = appendQueue();
  const heads = streamHeads();
  let connection: WriterConnection | undefined;
  let working: Promise<void> | undefined;
  let recovering = Promise.resolve();
  let closing = false;

  const open = async () => {
    const opened = await openWriterConnection(databaseUrl, timing, lost);
    heads.clear();
    tail.reset(opened.head);
    connection = opened;
  };

  const recover = async () => {
    for (let taken = 0; !closing; ) {
      try {
        await open();
        return;
      } catch (error) {
        taken = error instanceof EventLogInUse ? taken + 1 : 0;
        if (error instanceof EventLogInUse && taken === timing.lockAttempts) onFatal(error);
        await delay(timing.retry);
      }
    }
  };

  const lost = (which: WriterConnection) => {
    if (connection !== which) return;
    connection = undefined;
    queue.rejectAll(databaseIsGone());
    recovering = recover();
  };

  const commit = async (by: WriterConnection, appends: readonly Append[]): Promise<AppendOutcome[]> => {
    const states = await batchStates(appends, by, heads);
    const { events, outcomes } = planBatch(appends, states, tail.head(), Date.now());
    if (events.length > 0) {
      await by.insert(events);
      for (const { streamKey, last } of states) if (last) heads.set(cacheKey(streamKey), last);
      tail.push(events);
    }
    return outcomes;
  };

  const work = async () => {
    for (let by = connection; by && queue.size() > 0; by = connection) {
      const batch = queue.take();
      try {
        const outcomes = await commit(
          by,
          batch.map(({ append }) => append),
        );
        for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome);
      } catch {
        for (const { reject } of batch) reject(databaseIsGone());
        lost(by);
        await by.close();
      }
    }
    working = undefined;
  };

  await open();
  return {
    append: (append, wanted) => {
      if (closing || connection === undefined) return Promise.reject(databaseIsGone());
      const outcome = queue.add(append, wanted);
      working ??= work();
      return outcome;
    },
    close: async () => {
      closing = true;
      await working;
      await recovering;
      const last = connection;
      connection = undefined;
      await last?.close();
    },
  };
}
