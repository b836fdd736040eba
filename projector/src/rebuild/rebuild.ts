import { verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type pg from 'pg';
import { applyBatch } from '../projection/applyBatch.js';
import { copyOf } from '../projection/copies.js';
import { checkpointOf, type Projection } from '../projection/projection.js';
import { retryParked } from '../projection/retryParked.js';
import { buildIndexes } from './buildIndexes.js';
import { createNext } from './createNext.js';
import { pagesAfter } from './pagesAfter.js';
import { requireSameShape } from './requireSameShape.js';

export interface RebuildDeps {
  projection: Projection;
  pool: pg.Pool;
  eventLog: EventLog;
  keys: DataKeys;
  /** @default 1_000 */
  eventsPerBatch?: number;
}

export interface RebuildProgress {
  /** `indexes`: all events are applied, and the indexes are built, which reports no progress. */
  phase: 'events' | 'indexes';
  /** Applied by this run. */
  events: number;
  position: bigint;
  /** Of the log, as it was last read. */
  head: bigint;
}

/** No gap needs a restart of the reader: reads of the log are complete, so a gap is resolved by reading its stream. */
export const ALL_GAPS = { has: () => true };

/**
 * Builds the tables `next` of a projection from the event log and catches up to its head. When it was interrupted, it continues
 * from its checkpoint. It moves neither the live tables nor their checkpoint.
 *
 * @returns how many events were applied.
 * @throws StartRefused when the projection has never run, the checkpoint belongs to another log, or a migration has changed
 * the live tables; ProjectionStopped; errors of Postgres, the vault and the event log.
 */
export const rebuild = async (deps: RebuildDeps, onProgress: (progress: RebuildProgress) => void): Promise<number> => {
  const { projection, pool, eventLog, eventsPerBatch = 1_000 } = deps;
  await createNext(pool, projection);
  await withTransaction(pool, (tx) => requireSameShape(tx, projection, 'next'));
  const next = { ...deps, projection: copyOf(projection, 'next'), reportedGaps: ALL_GAPS };
  let checkpoint = await checkpointOf(next.projection).lock(pool);
  await verifyCheckpoint(eventLog, checkpoint);
  let events = 0;
  let head = checkpoint.position;
  const report = (phase: RebuildProgress['phase']) =>
    onProgress({
      phase,
      events,
      position: checkpoint.position,
      head: head > checkpoint.position ? head : checkpoint.position,
    });
  const catchUp = async (): Promise<void> => {
    head = (await eventLog.head()) ?? head;
    for await (const page of pagesAfter(eventLog, checkpoint, eventsPerBatch)) {
      checkpoint = (await applyBatch(next, checkpoint, page)).checkpoint;
      events += page.length;
      report('events');
    }
  };
  await catchUp();
  report('indexes');
  await buildIndexes(pool, projection);
  await retryParked(next);
  await catchUp();
  return events;
};
