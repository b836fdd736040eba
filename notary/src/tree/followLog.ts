import { setTimeout as sleep } from 'node:timers/promises';
import { verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { BEFORE_FIRST } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { appendBatch, type TreeState } from './appendBatch.js';
import { clearTree, loadEdge, treePosition } from './treeStore.js';

export interface FollowDeps {
  pool: pg.Pool;
  eventLog: EventLog;
  /**
   * Pause after a page that is not full, in ms. Checkpoints are signed once in a minute, so nobody waits for the tree, and
   * frequent events cost few transactions. @default 500
   */
  pauseMs?: number;
}

/** Bounds the memory of a transaction and the work that a failure repeats. */
export const MAX_EVENTS_PER_BATCH = 1_000;

/**
 * Reads the event log from the stored position on, page by page, and appends each page to the tree, until the signal aborts.
 * Any failure ends the run; the next one starts from what is stored.
 *
 * It reads instead of subscribing: a read returns every event, while a subscription may lose or swap some. A leaf cannot be put
 * in later.
 *
 * @param batchLimit the most events of a batch.
 * @param onAppended called after each batch, with its number of events and the leaves of the tree.
 * @throws StartRefused when the position belongs to another log; LogUnavailable; errors of `appendBatch`.
 */
export const followLog = async (
  deps: FollowDeps,
  signal: AbortSignal,
  batchLimit: number,
  onAppended: (events: number, size: number) => void,
): Promise<void> => {
  const { pool, eventLog, pauseMs = 500 } = deps;
  let state = await beginTree(deps);
  while (!signal.aborted) {
    const { position } = state.position;
    const events = await eventLog.readAll(position === BEFORE_FIRST ? undefined : position, batchLimit);
    if (signal.aborted) return;
    if (events.length > 0) {
      state = await appendBatch(pool, state, events);
      onAppended(events.length, state.edge.size);
    }
    if (events.length < batchLimit) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
};

const beginTree = async ({ pool, eventLog }: FollowDeps): Promise<TreeState> => {
  await treePosition().begin(pool, await logIdentity(eventLog));
  const state = await withTransaction(pool, async (tx) => {
    // The last batch of an earlier instance may be committing: its tiles must be seen if its position is.
    const position = await treePosition().lock(tx);
    return { position, edge: await (position.position === BEFORE_FIRST ? clearTree(tx) : loadEdge(tx)) };
  });
  await verifyCheckpoint(eventLog, state.position);
  return state;
};
