import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { type OpenedEvent, openFacts } from '@ums/kit/facts/openFacts';
import { isDataError } from '@ums/kit/postgres/errors';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { eraseInCopies } from './copies.js';
import { type FoldDeps, foldBatch } from './foldBatch.js';
import { type Failure, park, unpark } from './parked.js';
import { checkpointOf, type Projection, type Revisioned } from './projection.js';
import { deleteRows, loadKeyStates } from './rowTable.js';
import { saveAtOnce, saveBisected } from './saveRows.js';

export interface BatchDeps<Row extends Revisioned> extends FoldDeps<Row> {
  /** Connections to the read model. */
  pool: pg.Pool;
}

export interface AppliedBatch {
  checkpoint: Checkpoint;
  /** Number of skipped events: in streams of this projection, but of a type that this version does not know. */
  unknown: number;
  parked: ReadonlyMap<string, Failure>;
}

type Save = typeof saveBisected;

interface Batch {
  from: Checkpoint;
  to: Checkpoint;
  byKey: ReadonlyMap<string, OpenedEvent[]>;
  unknown: number;
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
  const batch = await openBatch(deps, from, events);
  const { to: checkpoint, unknown } = batch;
  if (batch.byKey.size === 0) {
    if (checkpoint !== from) await checkpointOf(projection).move(pool, from, checkpoint, false);
    return { checkpoint, unknown, parked: new Map() };
  }
  const write = (save: Save) => withTransaction(pool, (tx) => writeBatch(deps, tx, batch, save));
  try {
    return { checkpoint, unknown, parked: await write(saveAtOnce) };
  } catch (error) {
    if (!isDataError(error)) throw error;
    return { checkpoint, unknown, parked: await write(saveBisected) };
  }
};

/** Applies one batch as {@link applyBatch} does, in a transaction of the caller. @throws as `applyBatch`, then the caller must roll back. */
export const applyBatchWithin = async <Row extends Revisioned>(
  tx: Transaction,
  deps: FoldDeps<Row>,
  from: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<Checkpoint> => {
  const batch = await openBatch(deps, from, events);
  if (batch.to !== from) await writeBatch(deps, tx, batch, saveBisected);
  return batch.to;
};

const openBatch = async <Row extends Revisioned>(
  { projection, keys }: FoldDeps<Row>,
  from: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<Batch> => {
  const relevant = events.filter((event) => projection.key(event) !== undefined);
  // An erased user's data key must not be served from the cache.
  for (const key of groupByKey(projection, relevant.filter(projection.ends), (event) => event).keys()) keys.evict(key);
  const opened = relevant.length === 0 ? [] : await openFacts(relevant, keys);
  return {
    ...{ from, to: checkpointAfter(from, events) },
    byKey: groupByKey(projection, opened, ({ recorded }) => recorded),
    unknown: opened.filter((event) => event.unknown).length,
  };
};

const writeBatch = async <Row extends Revisioned>(
  deps: FoldDeps<Row>,
  tx: Transaction,
  { from, to, byKey }: Batch,
  save: Save,
): Promise<ReadonlyMap<string, Failure>> => {
  const { name, table } = deps.projection;
  await checkpointOf(deps.projection).move(tx, from, to);
  const states = await loadKeyStates(tx, deps.projection, [...byKey.keys()]);
  const range = { from: from.position, to: to.position };
  const { rows, deleted, ended, failed } = await foldBatch(deps, states, byKey, range);
  for (const [key, failure] of await save(tx, table, rows)) failed.set(key, failure);
  const withoutRow = [...deleted, ...failed.keys()];
  if (withoutRow.length > 0) await deleteRows(tx, table, withoutRow);
  if (ended.length > 0) {
    await unpark(tx, name, ended);
    await eraseInCopies(tx, deps.projection, ended);
  }
  if (failed.size > 0) await park(tx, name, failed);
  // Only the checkpoint moved. If a crash of Postgres loses that, the batch is read again.
  if (rows.size + withoutRow.length === 0) await tx.query('set local synchronous_commit = off');
  return failed;
};

const groupByKey = <Row extends Revisioned, T>(
  { key }: Projection<Row>,
  items: readonly T[],
  eventOf: (item: T) => RecordedEvent,
): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const itemKey = key(eventOf(item));
    if (itemKey === undefined) continue;
    const group = groups.get(itemKey);
    if (group === undefined) groups.set(itemKey, [item]);
    else group.push(item);
  }
  return groups;
};

/** The checkpoint after a batch: its highest position. Repeated events never move it back. */
export const checkpointAfter = (from: Checkpoint, events: readonly RecordedEvent[]): Checkpoint => {
  let last: RecordedEvent | undefined;
  for (const event of events) if (event.position > (last?.position ?? from.position)) last = event;
  return last === undefined ? from : { position: last.position, eventId: last.id, logId: from.logId };
};
