import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { type EventLog, LogUnavailable } from '@ums/kit/event-log/eventLog';
import { type ReadBehind, readBehind } from '@ums/kit/event-log/readBehind';
import type { Log } from '@ums/kit/log';
import type pg from 'pg';
import type { BatchHandler } from './batchHandler.js';
import type { Projection } from './projection.js';
import { wholeOf } from './wholePlace.js';

export interface WholeDeps {
  projection: Pick<Projection, 'name'>;
  pool: pg.Pool;
  eventLog: Pick<EventLog, 'positions' | 'readAll'>;
  log: Log;
  /** How long after an event the log is read at the latest, in ms; without events it is not read. @default 5_000 */
  wholeEveryMs?: number;
}

/** Finds and applies what a subscription has not delivered, beside the batches that it delivers. */
export interface WholeKeeper {
  /** For `follow`. */
  onPage: ReadBehind['page'];
  /** Takes note of events that were handled. Too many of them are not kept: then it reads at once. @throws as `stop` */
  note(batch: readonly RecordedEvent[]): Promise<void>;
  /**
   * Reads once more, for at most two seconds, and ends. After a failed run, too, so that runs that fail early do not repeat the
   * same events for ever.
   *
   * @param hasFailed whether the run has failed. Otherwise it throws what a reading has failed of: errors of `applyBatch` and of
   * Postgres; LogUnavailable where too many events were noted to try again.
   */
  stop(hasFailed: boolean): Promise<void>;
}

const EVERY_MS = 5_000;
const STOP_MS = 2_000;

/**
 * A projection handles an event when it is delivered. At intervals it reads the log behind itself, applies what was missing, and
 * stores how far it is whole (F-12).
 *
 * @param whole where the run begins to follow.
 * @param onFailure called when a reading has failed: the run must end. While the log cannot be read, it is tried again instead.
 */
export const keepWhole = (
  { projection, pool, eventLog, log, wholeEveryMs = EVERY_MS }: WholeDeps,
  handler: Pick<BatchHandler, 'handleMissed' | 'checkpoint'>,
  whole: Checkpoint,
  onFailure: () => void,
): WholeKeeper => {
  const from = whole.position < 0n ? undefined : whole.position;
  const behind = readBehind({ eventLog, log, lane: projection.name }, from);
  let stored = whole;
  let reached = whole;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isGivenUp = false;
  let giveUp: () => void = () => undefined;

  const read = async (upTo: bigint): Promise<RecordedEvent[] | undefined> => {
    try {
      return await behind.missing(upTo);
    } catch (error) {
      if (!(error instanceof LogUnavailable) || behind.isDue()) throw error;
      return undefined;
    }
  };

  /** @returns `undefined` if the log does not answer, or the end of the run has given up waiting. */
  const readUnlessGivenUp = (upTo: bigint): Promise<RecordedEvent[] | undefined> => {
    const givenUp = new Promise<undefined>((resolve) => (giveUp = () => resolve(undefined)));
    return Promise.race([read(upTo), givenUp]);
  };

  const settleOnce = async (): Promise<void> => {
    const checkpoint = handler.checkpoint();
    const upTo = reached.position < checkpoint.position ? reached : checkpoint;
    if (upTo.position > stored.position && !isGivenUp) {
      const missed = await readUnlessGivenUp(upTo.position);
      if (missed !== undefined) {
        if (missed.length > 0) await handler.handleMissed(missed);
        await wholeOf(projection).advance(pool, upTo);
        stored = upTo;
      }
    }
    if (reached.position > stored.position) arm();
  };

  // After a failure, none succeeds: what was missing counts as known, but was not applied.
  let settling: Promise<void> = Promise.resolve();
  const settle = (): Promise<void> => {
    settling = settling.then(settleOnce);
    settling.catch(onFailure);
    return settling;
  };
  const arm = (): void => {
    if (isStopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void settle().catch(() => undefined);
    }, wholeEveryMs);
  };

  return {
    onPage: behind.page,
    note: async (batch) => {
      for (const event of batch) {
        if (behind.note(event) !== 'next') continue;
        reached = { position: event.position, eventId: event.id, logId: whole.logId };
        arm();
      }
      if (behind.isDue()) await settle();
    },
    stop: async (hasFailed) => {
      isStopped = true;
      clearTimeout(timer);
      const ending = setTimeout(() => {
        isGivenUp = true;
        giveUp();
      }, STOP_MS);
      try {
        await settle();
      } catch (error) {
        if (!hasFailed) throw error;
      } finally {
        clearTimeout(ending);
      }
    },
  };
};
