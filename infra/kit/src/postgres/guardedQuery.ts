import type pg from 'pg';
import { guarded } from '../breaker.js';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { isDown } from './transaction.js';

/** One prepared statement and its values. */
export interface Statement {
  /** Prepared once a connection under this name. */
  name: string;
  text: string;
  values: readonly unknown[];
}

/** Runs one statement: one snapshot. @throws DependencyUnavailable when the database does not answer in time. */
export type Query = <R extends pg.QueryResultRow>(statement: Statement) => Promise<R[]>;

/** Puts a database behind a breaker, so that a dead one costs its callers nothing but the answer 503. */
export const guardedQuery = (name: string, pool: pg.Pool, timeoutMs = 2_000): Query => {
  const ask = async (_signal: AbortSignal, { values, ...statement }: Statement): Promise<pg.QueryResultRow[]> => {
    const { rows } = await pool.query({ ...statement, values: [...values] });
    return rows;
  };
  const guardedAsk = guarded(name, ask, { timeoutMs, isOurFault: isDown, maxInFlight: 500, resetMs: 1_000 });
  return async <R extends pg.QueryResultRow>(statement: Statement): Promise<R[]> => {
    try {
      return (await guardedAsk(statement)) as R[];
    } catch (error) {
      throw isDown(error) ? new DependencyUnavailable(name, error) : error;
    }
  };
};
