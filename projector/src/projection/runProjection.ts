import { batches } from '@ums/kit/event-log/batches';
import { verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { type AppliedBatch, applyBatch, type BatchDeps } from './applyBatch.js';
import { RevisionGap } from './foldBatch.js';
import { checkpointOf, type Revisioned } from './projection.js';
import type { ProjectionMetrics } from './projectionMetrics.js';
import { retryParked } from './retryParked.js';

export interface RunDeps<Row extends Revisioned> extends BatchDeps<Row> {
  reportedGaps: Set<string>;
  log: Log;
  metrics: ProjectionMetrics;
}

/** Bounds the memory of a transaction and the work that a failure repeats. */
const MAX_EVENTS_PER_BATCH = 1_000;

/**
 * Follows the event log from the stored checkpoint and applies batches until the signal aborts. Any failure ends the run.
 * The next run starts from the stored checkpoint and rows. Only `reportedGaps` is kept in memory between runs, by the caller.
 *
 * @throws StartRefused when the checkpoint belongs to another log; errors of `applyBatch`.
 */
export const runProjection = async <Row extends Revisioned>(
  deps: RunDeps<Row>,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> => {
  const { projection, pool, eventLog, log, metrics, reportedGaps } = deps;
  let checkpoint = await checkpointOf(projection).begin(pool, await logIdentity(eventLog));
  await verifyCheckpoint(eventLog, checkpoint);
  await retryParked(deps);
  const run = new AbortController();
  const following = AbortSignal.any([signal, run.signal]);
  const after = checkpoint.position < 0n ? undefined : checkpoint.position;
  const events = eventLog.follow(after, { signal: following });
  try {
    for await (const batch of batches(events, MAX_EVENTS_PER_BATCH)) {
      if (signal.aborted) return;
      const applied = await applyBatch(deps, checkpoint, batch);
      checkpoint = applied.checkpoint;
      if (reportedGaps.size > 0) for (const { id } of batch) reportedGaps.delete(id);
      metrics.batchApplied(batch.length, applied);
      logParked(log, projection.name, applied);
      onProgress();
    }
  } catch (error) {
    if (error instanceof RevisionGap) reportedGaps.add(error.event.id);
    throw error;
  } finally {
    run.abort();
  }
};

const logParked = (log: Log, projection: string, { parked }: AppliedBatch): void => {
  for (const [key, { position, reason }] of parked)
    log.error('key parked', { projection, userId: key, position, reason });
};
