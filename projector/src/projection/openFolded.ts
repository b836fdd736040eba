import type { RecordedEvent } from '@ums/contracts/events/event';
import { type OpenedEvent, openFacts } from '@ums/kit/facts/openFacts';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { eraseInCopies } from './copies.js';
import { erasedInLive } from './erasedInLive.js';
import { type FoldDeps, foldBatch } from './foldBatch.js';
import type { BatchRange, OpenedBatch, Save } from './openedBatch.js';
import { type Failure, unpark } from './parked.js';
import type { FoldedProjection, Revisioned } from './projection.js';
import { deleteRows, loadKeyStates } from './rowTable.js';

/**
 * Unseals the events of a batch, whose writing folds them onto their rows, key by key.
 *
 * @throws errors of the vault. Writing throws RevisionGap, and errors of Postgres, the vault and the event log.
 */
export const openFolded = async <Row extends Revisioned>(
  deps: FoldDeps<Row>,
  events: readonly RecordedEvent[],
): Promise<OpenedBatch> => {
  const { projection, keys } = deps;
  const relevant = events.filter((event) => projection.key(event) !== undefined);
  // An erased user's data key must not be served from the cache.
  for (const key of groupByKey(projection, relevant.filter(projection.ends), (event) => event).keys()) keys.evict(key);
  const opened = relevant.length === 0 ? [] : await openFacts(relevant, keys);
  const byKey = groupByKey(projection, opened, ({ recorded }) => recorded);
  return {
    isEmpty: byKey.size === 0,
    unknown: opened.filter((event) => event.unknown).length,
    durable: true,
    write: (tx, range, save) => foldRows(deps, tx, byKey, range, save),
  };
};

const foldRows = async <Row extends Revisioned>(
  deps: FoldDeps<Row>,
  tx: Transaction,
  byKey: ReadonlyMap<string, OpenedEvent[]>,
  range: BatchRange,
  save: Save,
): Promise<ReadonlyMap<string, Failure>> => {
  const { name, table } = deps.projection;
  const states = await loadKeyStates(tx, deps.projection, [...byKey.keys()]);
  const { rows, deleted, ended, failed } = await foldBatch(deps, states, byKey, range);
  for (const key of await erasedInLive(tx, deps, rows)) {
    rows.delete(key);
    deleted.push(key);
  }
  for (const [key, failure] of await save(tx, table, rows)) failed.set(key, failure);
  const withoutRow = [...deleted, ...failed.keys()];
  if (withoutRow.length > 0) await deleteRows(tx, table, withoutRow);
  if (ended.length > 0) {
    await unpark(tx, name, ended);
    await eraseInCopies(tx, deps.projection, ended);
  }
  // Only the checkpoint moved. If a crash of Postgres loses that, the batch is read again.
  if (rows.size + withoutRow.length === 0) await tx.query('set local synchronous_commit = off');
  return failed;
};

const groupByKey = <Row extends Revisioned, T>(
  { key }: FoldedProjection<Row>,
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
