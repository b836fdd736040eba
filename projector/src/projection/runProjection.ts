import { batches } from '@ums/kit/event-log/batches';
import { type Checkpoint, verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { batchHandler, type HandlerDeps, MAX_EVENTS_PER_BATCH, SAVE_SKIPPED_MS } from './batchHandler.js';
import { gathered } from './gathered.js';
import { keepWhole, type WholeDeps } from './keepWhole.js';
import { checkpointOf, type Revisioned } from './projection.js';
import { retryParked, UNREADABLE } from './retryParked.js';
import { beginWhole } from './wholePlace.js';

export interface RunDeps<Row extends Revisioned> extends HandlerDeps<Row>, Pick<WholeDeps, 'wholeEveryMs'> {}

/** Rows of events are read in pages, not by who has just changed something, so they may be as late as a checkpoint. */
const GATHER = { limit: MAX_EVENTS_PER_BATCH, ms: 500 };

/**
 * Follows the event log from where the tables are whole, at or before the stored checkpoint, and applies batches until the signal
 * aborts, and completes rows of an earlier version at the same time: that may take minutes, in which reads and erasures do not
 * wait. Any failure ends the run. The next run starts from what is stored. Only `reportedGaps` is kept in memory between runs, by
 * the caller.
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
  const whole = await beginWhole(pool, projection, eventLog, checkpoint);
  for (const [key, { position, reason }] of await retryParked(deps)) {
    const id = 'row' in projection ? { eventId: key } : { userId: key };
    if (reason === UNREADABLE) log.warn('key stays parked', { projection: projection.name, ...id, position, reason });
  }
  const run = new AbortController();
  const stop = AbortSignal.any([signal, run.signal]);
  const following = followLog(deps, { checkpoint, whole }, stop, onProgress).finally(() => run.abort());
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

/** Events between `whole` and `checkpoint` come again. They change nothing, unless they are late. */
const followLog = async <Row extends Revisioned>(
  deps: RunDeps<Row>,
  { checkpoint, whole }: { checkpoint: Checkpoint; whole: Checkpoint },
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> => {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const handler = batchHandler(deps, checkpoint);
  const keeper = keepWhole(deps, handler, whole, () => failed.abort());
  const after = whole.position < 0n ? undefined : whole.position;
  const events = deps.eventLog.follow(after, { signal: stop, onPage: keeper.onPage });
  const queued = batches(events, MAX_EVENTS_PER_BATCH, { quietMs: SAVE_SKIPPED_MS });
  let hasFailed = true;
  try {
    for await (const batch of 'row' in deps.projection ? gathered(queued, GATHER) : queued) {
      if (stop.aborted) break;
      const isProgress = await handler.handle(batch);
      await keeper.note(batch);
      if (isProgress) onProgress();
    }
    hasFailed = false;
  } finally {
    await keeper.stop(hasFailed);
  }
};
