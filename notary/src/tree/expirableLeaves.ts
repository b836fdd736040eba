import type { Transaction } from '@ums/kit/postgres/transaction';
import { NOTARY } from './treeStore.js';

/**
 * How many leaves of the stored tree are of streams whose events expire. A checkpoint states it, so that a verifier can tell events
 * that expired from those that somebody deleted: of both, only the hashes are left.
 *
 * @returns `undefined` for a tree that was begun before leaves were counted.
 */
export const expirableLeaves = async (tx: Transaction): Promise<number | undefined> => {
  const { rows } = await tx.query<{ leaves: string }>({
    name: 'read-expirable-leaves',
    text: 'select leaves from notary.expirable where tree = $1',
    values: [NOTARY],
  });
  return rows[0] && Number(rows[0].leaves);
};

/** Counts new leaves; does nothing while the number is not known. */
export const addExpirable = (tx: Transaction, leaves: number) =>
  tx.query({
    name: 'add-expirable-leaves',
    text: 'update notary.expirable set leaves = leaves + $2 where tree = $1',
    values: [NOTARY, leaves],
  });

/** Begins to count, with an empty tree. */
export const countExpirableAnew = (tx: Transaction) =>
  tx.query({
    name: 'count-expirable-anew',
    text: 'insert into notary.expirable (tree, leaves) values ($1, 0) on conflict (tree) do update set leaves = 0',
    values: [NOTARY],
  });
