import { setTimeout as sleep } from 'node:timers/promises';
import { verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { BEFORE_FIRST } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { appendBatch, type TreeState } from './appendBatch.js';
import { clearTree, loadEdge, treePosition } from './treeStore.js';
import { type Growth, watchGrowth } from './watchGrowth.js';

export interface FollowDeps {
  pool: pg.Pool;
  eventLog: EventLog;
  /**
   * Pause before the page after one that is not full, in ms. Checkpoints are signed once in a minute, so nobody waits for the
   * tree, and frequent events cost few transactions. @default 500
   */
  pauseMs?: number;
  /** While no subscription tells of a new event, the log is read this often, in ms. @default 10 s */
  quietMs?: number;
}

/** Bounds the memory of a transaction and the work that a failure repeats. */
export const MAX_EVENTS_PER_BATCH = 1_000;

/**
 * Reads the event log from the stored position on, page by page, and appends each page to the tree, until the signal aborts.
 * Any failure ends the run; the next one starts from what is stored.
 *
 * A read returns every event, while a subscription may lose or swap some, and a leaf cannot be put in later. So a subscription
 * only says when to read.
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
  const { pool, eventLog, pauseMs = 500, quietMs = 10_000 } = deps;
  const ended = new AbortController();
  const whileRunning = AbortSignal.any([signal, ended.signal]);
  let growth: Growth | undefined;
  try {
    let state = await beginTree(deps);
    while (!signal.aborted) {
      const events = await eventLog.readAll(readFrom(state), batchLimit);
      if (signal.aborted) return;
      if (events.length > 0) {
        state = await appendBatch(pool, state, events);
        onAppended(events.length, state.edge.size);
      }
      if (events.length === batchLimit) continue;
      growth ??= watchGrowth(eventLog, readFrom(state), whileRunning);
      await growth.beyond(state.position.position, quietMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    ended.abort();
  }
};

const readFrom = ({ position: { position } }: TreeState): bigint | undefined =>
  position === BEFORE_FIRST ? undefined : position;

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
