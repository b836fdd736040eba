import { batches } from '@ums/kit/event-log/batches';
import { type Checkpoint, verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { applyBatch, type BatchDeps, checkpointAfter } from './applyBatch.js';
import { RevisionGap } from './foldBatch.js';
import { gathered } from './gathered.js';
import { isDeletion } from './isDeletion.js';
import { logApplied, logListed } from './logApplied.js';
import { checkpointOf, type Revisioned } from './projection.js';
import type { ProjectionMetrics } from './projectionMetrics.js';
import { retryParked, UNREADABLE } from './retryParked.js';

export interface RunDeps<Row extends Revisioned> extends BatchDeps<Row> {
  reportedGaps: Set<string>;
  log: Log;
  metrics: ProjectionMetrics;
}

/** Bounds the memory of a transaction and the work that a failure repeats. */
const MAX_EVENTS_PER_BATCH = 1_000;
/** Rows of events are read in pages, not by who has just changed something, so they may be as late as a checkpoint. */
const GATHER = { limit: MAX_EVENTS_PER_BATCH, ms: 500 };
/**
 * For batches without an event of the projection, such as sign-ins, only the checkpoint would be written. It is written this
 * long after the first of them, so that a frequent event costs no statement of its own. Twice this time is the longest that
 * the stored checkpoint stays behind, which is less than a read waits for it.
 */
const SAVE_SKIPPED_MS = 500;

/**
 * Follows the event log from the stored checkpoint and applies batches until the signal aborts, and completes rows of an
 * earlier version at the same time: that may take minutes, in which reads and erasures do not wait. Any failure ends the run.
 * The next run starts from the stored checkpoint and rows. Only `reportedGaps` is kept in memory between runs, by the caller.
 *
 * @throws StartRefused when the checkpoint belongs to another log; errors of `applyBatch` and of the projection's `prepare`.
 */
export const runProjection = async <Row extends Revisioned>(
  deps: RunDeps<Row>,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> => {
  const { projection, pool, eventLog, log } = deps;
  const checkpoint = await checkpointOf(projection).begin(pool, await logIdentity(eventLog));
  await verifyCheckpoint(eventLog, checkpoint);
  for (const [key, { position, reason }] of await retryParked(deps)) {
    const id = 'row' in projection ? { eventId: key } : { userId: key };
    if (reason === UNREADABLE) log.warn('key stays parked', { projection: projection.name, ...id, position, reason });
  }
  const run = new AbortController();
  const stop = AbortSignal.any([signal, run.signal]);
  const following = followLog(deps, checkpoint, stop, onProgress).finally(() => run.abort());
  const completing = completeRows(deps, stop);
  try {
    await Promise.all([following, completing]);
  } finally {
    run.abort();
    // The caller's lock must not be released before both have ended.
    await Promise.allSettled([following, completing]);
  }
};

const completeRows = async <Row extends Revisioned>(
  { projection, pool, eventLog, log }: RunDeps<Row>,
  signal: AbortSignal,
): Promise<void> => {
  const count = (await projection.prepare?.(pool, signal, eventLog)) ?? 0;
  if (count > 0) log.info('rows of an earlier version completed', { projection: projection.name, count });
};

const followLog = async <Row extends Revisioned>(
  deps: RunDeps<Row>,
  from: Checkpoint,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> => {
  const { projection, pool, eventLog, log, metrics, reportedGaps } = deps;
  let checkpoint = from;
  const after = checkpoint.position < 0n ? undefined : checkpoint.position;
  const events = eventLog.follow(after, { signal });
  const queued = batches(events, MAX_EVENTS_PER_BATCH, { quietMs: SAVE_SKIPPED_MS });
  let skipped: { upTo: Checkpoint; since: number } | undefined;
  try {
    for await (const batch of 'row' in projection ? gathered(queued, GATHER) : queued) {
      if (signal.aborted) return;
      if (batch.some((event) => projection.key(event) !== undefined || ('row' in projection && isDeletion(event)))) {
        const applied = await applyBatch(deps, checkpoint, batch);
        checkpoint = applied.checkpoint;
        skipped = undefined;
        if (reportedGaps.size > 0) for (const { id } of batch) reportedGaps.delete(id);
        metrics.batchApplied(batch.length, applied);
        if ('row' in projection) logListed(log, projection.name, applied);
        else logApplied(log, projection, batch, applied);
      } else {
        metrics.skipped(batch.length);
        const upTo = checkpointAfter(skipped?.upTo ?? checkpoint, batch);
        skipped = { upTo, since: skipped?.since ?? performance.now() };
        if (batch.length === 0 || performance.now() - skipped.since >= SAVE_SKIPPED_MS) {
          if (upTo !== checkpoint) await checkpointOf(projection).move(pool, checkpoint, upTo, false);
          [checkpoint, skipped] = [upTo, undefined];
        }
      }
      onProgress();
    }
  } catch (error) {
    if (error instanceof RevisionGap) reportedGaps.add(error.event.id);
    throw error;
  }
};
