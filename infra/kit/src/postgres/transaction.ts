import type pg from 'pg';
import { isUnavailable } from './errors.js';

export { isDataError, isDown, isUnavailable, isUniqueViolation } from './errors.js';

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

/** What a transaction's work may do with its connection. */
export type Transaction = Pick<pg.ClientBase, 'query'>;

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. A connection that broke or
 * timed out is removed from the pool, never used again: queries behind a dead one would wait as long as it did.
 *
 * @throws what `work` threw. An error of the commit for which `isUnavailable` holds leaves the outcome unknown.
 */
export const withTransaction = <R>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<R>,
  { isolation = 'read committed' }: { isolation?: Isolation } = {},
): Promise<R> => inTransaction(pool, `begin isolation level ${isolation}`, work);

/** Runs reads on one snapshot: what they see belongs together. */
export const inSnapshot = <R>(pool: pg.Pool, work: (tx: Transaction) => Promise<R>): Promise<R> =>
  inTransaction(pool, 'begin isolation level repeatable read, read only', work);

const inTransaction = async <R>(pool: pg.Pool, begin: string, work: (tx: Transaction) => Promise<R>): Promise<R> => {
  const client = await pool.connect();
  let broken: boolean | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    broken = isUnavailable(error) || !(await rolledBack(client));
    throw error;
  } finally {
    client.release(broken);
  }
};

const rolledBack = async (client: pg.ClientBase): Promise<boolean> => {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
};
