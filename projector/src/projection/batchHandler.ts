import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import type { Log } from '@ums/kit/log';
import { applyBatch, type BatchDeps, checkpointAfter } from './applyBatch.js';
import { RevisionGap } from './foldBatch.js';
import { isDeletion } from './isDeletion.js';
import { logApplied, logListed } from './logApplied.js';
import { checkpointOf, type Revisioned } from './projection.js';
import type { ProjectionMetrics } from './projectionMetrics.js';

export interface HandlerDeps<Row extends Revisioned> extends BatchDeps<Row> {
  reportedGaps: Set<string>;
  log: Log;
  metrics: ProjectionMetrics;
}

/** Applies events and moves the stored checkpoint. One call waits for the other. */
export interface BatchHandler {
  /**
   * Applies what was delivered. `[]` means that nothing has come for a while.
   *
   * @returns whether there was something new, or time has passed. @throws errors of `applyBatch`
   */
  handle(batch: readonly RecordedEvent[]): Promise<boolean>;
  /** Applies what was not delivered, all of it at or before the checkpoint, which stays. @throws errors of `applyBatch` */
  handleMissed(events: readonly RecordedEvent[]): Promise<void>;
  /** Of which the rows are stored. */
  checkpoint(): Checkpoint;
}

/** Bounds the memory of a transaction and the work that a failure repeats. */
export const MAX_EVENTS_PER_BATCH = 1_000;
/**
 * For batches without an event of the projection, such as sign-ins, only the checkpoint would be written. It is written this
 * long after the first of them, so that a frequent event costs no statement of its own. Twice this time is the longest that
 * the stored checkpoint stays behind, which is less than a read waits for it.
 */
export const SAVE_SKIPPED_MS = 500;

/** @param from the stored checkpoint. */
export const batchHandler = <Row extends Revisioned>(deps: HandlerDeps<Row>, from: Checkpoint): BatchHandler => {
  const { projection, pool, log, metrics, reportedGaps } = deps;
  let checkpoint = from;
  let skipped: { upTo: Checkpoint; since: number } | undefined;
  const concerns = (event: RecordedEvent): boolean =>
    projection.key(event) !== undefined || ('row' in projection && isDeletion(event));

  const apply = async (batch: readonly RecordedEvent[]): Promise<void> => {
    const applied = await applyBatch(deps, checkpoint, batch).catch((error: unknown) => {
      if (error instanceof RevisionGap) reportedGaps.add(error.event.id);
      throw error;
    });
    checkpoint = applied.checkpoint;
    if (reportedGaps.size > 0) for (const { id } of batch) reportedGaps.delete(id);
    metrics.batchApplied(batch.length, applied);
    if ('row' in projection) logListed(log, projection.name, applied);
    else logApplied(log, projection, batch, applied);
  };

  const skip = async (batch: readonly RecordedEvent[]): Promise<void> => {
    metrics.skipped(batch.length);
    const upTo = checkpointAfter(skipped?.upTo ?? checkpoint, batch);
    skipped = { upTo, since: skipped?.since ?? performance.now() };
    if (batch.length > 0 && performance.now() - skipped.since < SAVE_SKIPPED_MS) return;
    if (upTo !== checkpoint) await checkpointOf(projection).move(pool, checkpoint, upTo, false);
    [checkpoint, skipped] = [upTo, undefined];
  };

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  return {
    checkpoint: () => checkpoint,
    handle: (batch) =>
      inTurn(async () => {
        if (batch.some(concerns)) {
          await apply(batch);
          // The checkpoint is at or after what was skipped before, unless all of the batch came again.
          if (skipped !== undefined && skipped.upTo.position <= checkpoint.position) skipped = undefined;
        } else await skip(batch);
        return batch.length === 0 || batch.some(({ position }) => position > from.position);
      }),
    handleMissed: (events) =>
      inTurn(async () => {
        for (let start = 0; start < events.length; start += MAX_EVENTS_PER_BATCH) {
          const batch = events.slice(start, start + MAX_EVENTS_PER_BATCH);
          if (batch.some(concerns)) await apply(batch);
        }
      }),
  };
};
