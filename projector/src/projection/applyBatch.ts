import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { isDataError } from '@ums/kit/postgres/errors';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { findMissed, type StreamGap } from './findMissed.js';
import { firstEvents } from './firstEvents.js';
import type { FoldDeps } from './foldBatch.js';
import { openEvents } from './openEvents.js';
import type { OpenedBatch, Save } from './openedBatch.js';
import { openFolded } from './openFolded.js';
import { type Failure, park } from './parked.js';
import { checkpointOf, type Projection, type Revisioned } from './projection.js';
import { saveAtOnce, saveBisected } from './saveRows.js';

export interface ApplyDeps<Row extends Revisioned> extends Omit<FoldDeps<Row>, 'projection'> {
  projection: Projection<Row>;
}

export interface BatchDeps<Row extends Revisioned> extends ApplyDeps<Row> {
  /** Connections to the read model. */
  pool: pg.Pool;
}

export interface AppliedBatch {
  checkpoint: Checkpoint;
  /** Number of skipped events: in streams of this projection, but of a type that this version does not know. */
  unknown: number;
  parked: ReadonlyMap<string, Failure>;
  /** Gaps in streams of a list of events that stay, because the log does not hold the events either. */
  unfilled: readonly StreamGap[];
}

interface Batch extends OpenedBatch {
  from: Checkpoint;
  to: Checkpoint;
  unfilled: readonly StreamGap[];
}

/**
 * Applies one batch: rows and checkpoint change in one transaction (F-10). Keys that cannot be folded are parked. Any other
 * failure is thrown and changes nothing.
 *
 * @throws Superseded, RevisionGap, ProjectionStopped; errors of Postgres, the vault and the event log.
 */
export const applyBatch = async <Row extends Revisioned>(
  deps: BatchDeps<Row>,
  from: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<AppliedBatch> => {
  const { projection, pool } = deps;
  const batch = await openBatch(pool, deps, from, events);
  const { to: checkpoint, unknown, unfilled } = batch;
  if (batch.isEmpty) {
    if (checkpoint !== from) await checkpointOf(projection).move(pool, from, checkpoint, false);
    return { checkpoint, unknown, parked: new Map(), unfilled };
  }
  const write = (save: Save) => withTransaction(pool, (tx) => writeBatch(projection, tx, batch, save));
  try {
    if (batch.writeAtOnce === undefined) return { checkpoint, unknown, parked: await write(saveAtOnce), unfilled };
    await batch.writeAtOnce(pool, from, checkpoint);
    return { checkpoint, unknown, parked: new Map(), unfilled };
  } catch (error) {
    if (!isDataError(error)) throw error;
    return { checkpoint, unknown, parked: await write(saveBisected), unfilled };
  }
};

/**
 * Applies one batch as {@link applyBatch} does, in a transaction of the caller.
 * @throws as `applyBatch`, then the caller must roll back.
 */
export const applyBatchWithin = async <Row extends Revisioned>(
  tx: Transaction,
  deps: ApplyDeps<Row>,
  from: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<Checkpoint> => {
  const batch = await openBatch(tx, deps, from, events);
  if (batch.to !== from) await writeBatch(deps.projection, tx, batch, saveBisected);
  return batch.to;
};

const openBatch = async <Row extends Revisioned>(
  tx: Transaction,
  { projection, ...deps }: ApplyDeps<Row>,
  from: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<Batch> => {
  const to = checkpointAfter(from, events);
  if (!('row' in projection)) return { ...(await openFolded({ ...deps, projection }, events)), from, to, unfilled: [] };
  const { events: missed, unfilled } = await findMissed({ ...deps, projection }, tx, events);
  const all = [...missed, ...events];
  return { ...openEvents(projection, all, await firstEvents(deps.eventLog, projection, all)), from, to, unfilled };
};

const writeBatch = async <Row extends Revisioned>(
  projection: Projection<Row>,
  tx: Transaction,
  { from, to, durable, write }: Batch,
  save: Save,
): Promise<ReadonlyMap<string, Failure>> => {
  await checkpointOf(projection).move(tx, from, to, durable);
  const failed = await write(tx, { from: from.position, to: to.position }, save);
  if (failed.size > 0) await park(tx, projection.name, failed);
  return failed;
};

/** The checkpoint after a batch: its highest position. Repeated events never move it back. */
export const checkpointAfter = (from: Checkpoint, events: readonly RecordedEvent[]): Checkpoint => {
  let last: RecordedEvent | undefined;
  for (const event of events) if (event.position > (last?.position ?? from.position)) last = event;
  return last === undefined ? from : { position: last.position, eventId: last.id, logId: from.logId };
};
