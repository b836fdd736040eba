import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { type OpenedEvent, openFacts } from '@ums/kit/facts/openFacts';
import { isDataError } from '@ums/kit/postgres/errors';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { type FoldDeps, foldBatch } from './foldBatch.js';
import { type Failure, park, unpark } from './parked.js';
import { checkpointOf, type Projection, type Revisioned } from './projection.js';
import { deleteRows, loadStanding } from './rowTable.js';
import { saveAtOnce, saveBisected } from './saveRows.js';

export interface BatchDeps<Row extends Revisioned> extends FoldDeps<Row> {
  /** Of the read model. */
  pool: pg.Pool;
}

export interface Applied {
  checkpoint: Checkpoint;
  /** Events of streams this projection reads whose type this version does not know: skipped. */
  unknown: number;
  parked: ReadonlyMap<string, Failure>;
}

interface Work {
  from: Checkpoint;
  to: Checkpoint;
  byKey: ReadonlyMap<string, OpenedEvent[]>;
  save: typeof saveBisected;
}

/**
 * Folds one batch: rows and checkpoint in one transaction (F-10). Keys that cannot be folded are parked; every other
 * failure is thrown and leaves everything as it was.
 *
 * @throws Superseded, RevisionGap, ProjectionStopped; whatever Postgres, vault and log throw.
 */
export const applyBatch = async <Row extends Revisioned>(
  deps: BatchDeps<Row>,
  from: Checkpoint,
  batch: readonly RecordedEvent[],
): Promise<Applied> => {
  const { projection, pool, keys } = deps;
  const to = furthest(from, batch);
  const wanted = batch.filter((event) => projection.key(event) !== undefined);
  if (wanted.length === 0) {
    if (to !== from) await checkpointOf(projection).move(pool, from, to, false);
    return { checkpoint: to, unknown: 0, parked: new Map() };
  }
  for (const key of groupByKey(projection, wanted.filter(projection.ends), (event) => event).keys()) keys.forget(key);
  const opened = await openFacts(wanted, keys);
  const byKey = groupByKey(projection, opened, ({ recorded }) => recorded);
  const write = (save: Work['save']) => withTransaction(pool, (tx) => writeBatch(deps, tx, { from, to, byKey, save }));
  const unknown = opened.filter((event) => event.unknown).length;
  try {
    return { checkpoint: to, unknown, parked: await write(saveAtOnce) };
  } catch (error) {
    if (!isDataError(error)) throw error;
    return { checkpoint: to, unknown, parked: await write(saveBisected) };
  }
};

const writeBatch = async <Row extends Revisioned>(
  deps: BatchDeps<Row>,
  tx: Transaction,
  { from, to, byKey, save }: Work,
): Promise<ReadonlyMap<string, Failure>> => {
  const { name, table } = deps.projection;
  await checkpointOf(deps.projection).move(tx, from, to);
  const standing = await loadStanding(tx, deps.projection, [...byKey.keys()]);
  const range = { from: from.position, to: to.position };
  const { rows, gone, ended, failed } = await foldBatch(deps, standing, byKey, range);
  for (const [key, failure] of await save(tx, table, rows)) failed.set(key, failure);
  const rowless = [...gone, ...failed.keys()];
  if (rowless.length > 0) await deleteRows(tx, table, rowless);
  if (ended.length > 0) await unpark(tx, name, ended);
  if (failed.size > 0) await park(tx, name, failed);
  if (rows.size + rowless.length === 0) await tx.query('set local synchronous_commit = off');
  return failed;
};

const groupByKey = <Row extends Revisioned, T>(
  { key }: Projection<Row>,
  items: readonly T[],
  eventOf: (item: T) => RecordedEvent,
): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const of = key(eventOf(item));
    if (of === undefined) continue;
    const group = groups.get(of);
    if (group === undefined) groups.set(of, [item]);
    else group.push(item);
  }
  return groups;
};

/** Where the checkpoint is after a batch. A repeated event never takes it back. */
const furthest = (from: Checkpoint, batch: readonly RecordedEvent[]): Checkpoint => {
  let last: RecordedEvent | undefined;
  for (const event of batch) if (event.position > (last?.position ?? from.position)) last = event;
  return last === undefined ? from : { position: last.position, eventId: last.id, logId: from.logId };
};
