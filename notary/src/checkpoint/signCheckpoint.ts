import { rootAt } from '@ums/contracts/tree/proofs';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import type { NotaryKeys } from '../note/notaryKeys.js';
import type { SignedSize } from '../place/place.js';
import { expirableLeaves, loadEdge, tileReader, treePosition } from '../tree/treeStore.js';
import { type KeptNote, proveExtension } from './proveExtension.js';
import { lastCheckpoint, type StoredCheckpoint, saveCheckpoint } from './signedCheckpoints.js';

export interface SigningDeps {
  pool: pg.Pool;
  eventLog: Pick<EventLog, 'head'>;
  keys: NotaryKeys;
  origin: string;
}

/** When a checkpoint is signed, in seconds since the last one. */
export interface SigningTimes {
  /** While the tree has grown. */
  grownSeconds: number;
  /** In any case. */
  anywaySeconds: number;
}

/**
 * Signs the tree as it is stored, if that is due. Before, it proves that the tree extends what was signed last, as the table
 * and the places hold it; it does so too when nothing is due.
 *
 * The row of the position is locked meanwhile, so that any instance may sign at any moment: it sees a whole tree, and no
 * earlier one than the last checkpoint.
 *
 * @param kept the latest notes of the places.
 * @returns the checkpoint, `undefined` when none was due or the tree is still growing to the size of the last one.
 * @throws Contradicted; LogUnavailable; errors of Postgres. Nothing was signed then.
 */
export const signCheckpoint = async (
  { pool, eventLog, keys, origin }: SigningDeps,
  times: SigningTimes,
  kept: readonly KeptNote[],
): Promise<SignedSize | undefined> => {
  const end = await eventLog.head();
  return withTransaction(pool, async (tx) => {
    const { position } = await treePosition().lock(tx);
    const last = await lastCheckpoint(tx);
    const { size } = await loadEdge(tx);
    const expirable = await expirableLeaves(tx, size);
    const readTiles = tileReader(tx);
    const isCurrent = end === undefined || position >= end;
    const all = last === undefined ? kept : [{ where: 'notary.checkpoint', text: last.note }, ...kept];
    const isProved = await proveExtension({ size, expirable, readTiles, isCurrent }, all, { origin, keys });
    if (!isProved || !isDue(last, size, times)) return undefined;
    const root = await rootAt(readTiles, size);
    const signed = { size, note: keys.signed({ origin, size, root, expirable }) };
    await saveCheckpoint(tx, { ...signed, root });
    return signed;
  });
};

/** Whether a tree of this size is to be signed, given the last checkpoint. */
export const isDue = (
  last: StoredCheckpoint | undefined,
  size: number,
  { grownSeconds, anywaySeconds }: SigningTimes,
): boolean => {
  if (size === 0 || last === undefined) return size > 0;
  return last.ageSeconds >= (size === last.size ? anywaySeconds : grownSeconds);
};
