import type pg from 'pg';
import { isUnavailable } from './errors.js';
import { noteDownTime } from './noteDownTime.js';

/** What a transaction's work may do with its connection. */
export type Transaction = Pick<pg.ClientBase, 'query'>;

/**
 * Runs `work` in one transaction (read committed): commits when it resolves, rolls back when it rejects. A connection
 * that broke or timed out is removed from the pool: the next query on it would wait behind the dead one.
 *
 * @throws what `work` threw. If the commit fails with an error for which `isUnavailable` holds, the outcome is unknown.
 */
export const withTransaction = async <R>(pool: pg.Pool, work: (tx: Transaction) => Promise<R>): Promise<R> => {
  const startedAt = performance.now();
  const client = await pool.connect().catch((error: unknown) => {
    throw noteDownTime(error, pool, startedAt);
  });
  let isBroken: boolean | undefined;
  try {
    await client.query('begin isolation level read committed');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    isBroken = isUnavailable(error) || !(await rollBack(client));
    throw noteDownTime(error, pool, startedAt);
  } finally {
    client.release(isBroken);
  }
};

/** @returns `false` when the rollback failed. */
const rollBack = async (client: pg.ClientBase): Promise<boolean> => {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
};
