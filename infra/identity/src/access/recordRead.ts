import { randomUUID } from 'node:crypto';
import { alignedInterval } from '@ums/kit/alignedInterval';
import { v5 } from 'uuid';
import { type AuditedRead, appendRead, appendRest, type RecordDeps } from './appendRead.js';

/**
 * Puts a read on record. Resolves once the log has it, or has one of the same reader, user, kind and grant from the running
 * five minutes.
 *
 * @throws LogUnavailable, or an error of the vault: the read must not be answered. Refused `unauthenticated` for a reader who
 * was erased.
 */
export type RecordRead = (read: AuditedRead) => Promise<void>;

export interface ReadRecorder {
  recordRead: RecordRead;
  /** Records the reads that were counted and not recorded yet, and ends the recorder. */
  close(): Promise<void>;
}

export interface ReadRecorderOptions extends RecordDeps {
  /** How often reads of ended windows are looked for. @default a minute */
  checkMs?: number;
  /** Readers times users of ten minutes. Beyond it those whose window began first are recorded and forgotten. @default 10,000 */
  maxRemembered?: number;
}

/** Reads of one reader, user, kind and grant. */
interface Reads {
  last: AuditedRead;
  /** The window of the last record. */
  window: number;
  /** Whether that record failed. */
  isFailed: boolean;
  recording: Promise<void>;
  /** Reads answered since the last record. */
  unrecorded: number;
}

const newReads = (last: AuditedRead): Reads => ({
  ...{ last, window: Number.NaN, isFailed: false, recording: Promise.resolve(), unrecorded: 0 },
});

const WINDOW_MS = 300_000;
const CLOSING_AT_ONCE = 100;

/**
 * Records who reads what about whom, before the answer. The first read in a window of five minutes (of the service's clock)
 * is an event; those after it in the window are counted, and the next event of the same reader, user, kind and grant holds
 * their number. When no such read comes in the window after, a last event records them, and so does `close`. So an hour
 * of reading makes one event in five minutes and one at its end. A process that is killed loses the numbers of ten minutes
 * at most, never the fact that somebody read.
 *
 * Each process counts its own reads. The ids of events are derived from process, reads and window: an append that is tried
 * again, after an answer that was lost, has one effect.
 */
export const readRecorder = (options: ReadRecorderOptions): ReadRecorder => {
  const { checkMs = 60_000, maxRemembered = 10_000, ...deps } = options;
  const { log } = deps;
  const process = randomUUID();
  /** In order of their windows. */
  const remembered = new Map<string, Reads>();
  const windowNow = () => Math.floor(deps.clock.now().getTime() / WINDOW_MS);

  const idOf = (parts: string[]) => v5(JSON.stringify(parts), process);

  /** Records what was counted after the last window. What cannot be recorded stays counted. */
  const recordRest = async (key: string, reads: Reads): Promise<void> => {
    const { last, window, unrecorded } = reads;
    reads.unrecorded = 0;
    try {
      if (unrecorded > 0) await appendRest(deps, last, { reads: unrecorded, id: idOf([key, String(window), 'rest']) });
      if (reads.unrecorded === 0 && reads.window === window) remembered.delete(key);
    } catch (error) {
      reads.unrecorded += unrecorded;
      throw error;
    }
  };

  const makeRoom = async (): Promise<void> => {
    const oldest = remembered.entries().next();
    if (remembered.size >= maxRemembered && !oldest.done) await recordRest(...oldest.value);
  };

  const recordFirst = (key: string, reads: Reads, window: number): void => {
    const count = reads.unrecorded + 1;
    Object.assign(reads, { window, isFailed: false, unrecorded: 0 });
    remembered.delete(key);
    remembered.set(key, reads);
    const record = { reads: count, id: idOf([key, String(window)]) };
    reads.recording = appendRead(deps, reads.last, record).catch((error: unknown) => {
      Object.assign(reads, { isFailed: true, unrecorded: reads.unrecorded + count - 1 });
      throw error;
    });
  };

  const recordRead: RecordRead = async (read) => {
    const { reader, userId, asked, grantId } = read;
    const key = JSON.stringify([reader.userId, userId, asked, grantId]);
    if (!remembered.has(key)) await makeRoom();
    const reads = remembered.get(key) ?? newReads(read);
    reads.last = read;
    const window = windowNow();
    const isFirst = reads.isFailed || reads.window !== window;
    if (isFirst) recordFirst(key, reads, window);
    await reads.recording;
    if (!isFirst) reads.unrecorded += 1;
  };

  const restOf = async (entries: readonly [string, Reads][]): Promise<void> => {
    for (let from = 0; from < entries.length; from += CLOSING_AT_ONCE) {
      const batch = entries.slice(from, from + CLOSING_AT_ONCE);
      const results = await Promise.allSettled(batch.map(([key, reads]) => recordRest(key, reads)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) log.error('counted reads could not be recorded', { error: failed.reason });
    }
  };

  let checking = Promise.resolve();
  const stop = alignedInterval(checkMs, () => {
    const isOver = ([, { window }]: [string, Reads]) => window + 1 < windowNow();
    checking = checking.then(() => restOf([...remembered].filter(isOver)));
  });

  return {
    recordRead,
    close: async () => {
      stop();
      await checking;
      await restOf([...remembered]);
    },
  };
};
