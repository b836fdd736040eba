import type { Transaction } from '@ums/kit/postgres/transaction';
import { unpark } from './parked.js';
import { checkpointOf, type FoldedProjection, type Projection, type Revisioned } from './projection.js';
import { deleteRows } from './rowTable.js';

/** Tables of a projection beside the live ones: `next` is built anew from the event log, `old` was live before a switch. */
export type Copy = 'next' | 'old';

/** A projection into the tables of a copy, which have the names of the live ones with the copy as suffix. */
export const copyOf = <Row extends Revisioned>(live: Projection<Row>, copy: Copy): Projection<Row> => {
  const { name: table, derived = [] } = live.table;
  const name = `${live.name}_${copy}`;
  const tables = { name: `${table}_${copy}`, derived: derived.map((one) => `${one}_${copy}`) };
  if ('row' in live) {
    const { prepare: _fillsLiveTable, ...projection } = live;
    return { ...projection, name, streams: `${live.streams}_${copy}`, table: { ...projection.table, ...tables } };
  }
  const { prepare: _fillsLiveTable, ...projection } = live;
  return { ...projection, name, live, table: { ...projection.table, ...tables } };
};

/** The copies of a projection that exist. */
export const existingCopies = async <Row extends Revisioned>(
  tx: Transaction,
  { table }: Projection<Row>,
): Promise<Copy[]> => {
  const { rows } = await tx.query<{ copy: Copy }>({
    name: 'find-copies',
    text: `select copy from unnest('{next,old}'::text[]) as given (copy) where to_regclass($1 || '_' || copy) is not null`,
    values: [table.name],
  });
  return rows.map(({ copy }) => copy);
};

/**
 * Deletes rows of erased users from the copies too: an old copy follows no events, and a rebuild may not have reached them yet.
 * A rebuild that folds such a user later leaves them out, see `erasedInLive.ts`. The caller holds the lock on the checkpoint of the
 * live projection, under which copies are created, renamed and dropped.
 */
export const eraseInCopies = async <Row extends Revisioned>(
  tx: Transaction,
  projection: FoldedProjection<Row>,
  keys: readonly string[],
): Promise<void> => {
  for (const copy of await existingCopies(tx, projection)) {
    const erasedIn = copyOf(projection, copy);
    const { name, table } = erasedIn;
    // A rebuild locks its checkpoint first in each batch, so neither waits for a row that the other has locked.
    await checkpointOf(erasedIn).lock(tx);
    await deleteRows(tx, table, keys);
    await unpark(tx, name, keys);
  }
};
