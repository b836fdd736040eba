import { batches } from '@ums/kit/event-log/batches';
import { proveCheckpoint } from '@ums/kit/event-log/checkpoint';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { type Applied, applyBatch, type BatchDeps } from './applyBatch.js';
import { RevisionGap } from './foldBatch.js';
import { checkpointOf, type Revisioned } from './projection.js';
import type { ProjectionMetrics } from './projectionMetrics.js';
import { retryParked } from './retryParked.js';

export interface RunDeps<Row extends Revisioned> extends BatchDeps<Row> {
  suspects: Set<string>;
  log: Log;
  metrics: ProjectionMetrics;
}

/** Events of one transaction at most: bounds its memory and what a failure repeats. */
export const MOST_EVENTS_A_BATCH = 1_000;

/**
 * Folds from the stored checkpoint on until the signal aborts. Whatever fails ends the session; the next one starts from
 * what is stored, so nothing it holds in memory matters.
 *
 * @throws StartRefused when the checkpoint is of another log; what `applyBatch` throws.
 */
export const runProjection = async <Row extends Revisioned>(
  deps: RunDeps<Row>,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> => {
  const { projection, pool, eventLog, log, metrics, suspects } = deps;
  let checkpoint = await checkpointOf(projection).begin(pool, await logIdentity(eventLog));
  await proveCheckpoint(eventLog, checkpoint);
  await retryParked(deps);
  const session = new AbortController();
  const ending = AbortSignal.any([signal, session.signal]);
  const after = checkpoint.position < 0n ? undefined : checkpoint.position;
  const events = eventLog.follow(after, { signal: ending });
  try {
    for await (const batch of batches(events, MOST_EVENTS_A_BATCH)) {
      if (signal.aborted) return;
      const applied = await applyBatch(deps, checkpoint, batch);
      checkpoint = applied.checkpoint;
      if (suspects.size > 0) for (const { id } of batch) suspects.delete(id);
      metrics.batchApplied(batch.length, applied);
      report(log, projection.name, applied);
      onProgress();
    }
  } catch (error) {
    if (error instanceof RevisionGap) suspects.add(error.event.id);
    throw error;
  } finally {
    session.abort();
  }
};

const report = (log: Log, projection: string, { parked }: Applied): void => {
  for (const [key, { position, reason }] of parked)
    log.error('key parked', { projection, userId: key, position, reason });
};
