import type pg from 'pg';
import { withBreaker } from '../breaker.js';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { isDown } from './errors.js';

/** A prepared statement and its values. */
export interface Statement {
  /** Each connection prepares the statement once under this name. */
  name: string;
  text: string;
  values: readonly unknown[];
}

/**
 * Runs one statement, so that all its rows come from one snapshot.
 * @throws DependencyUnavailable when the database does not answer in time
 */
export type Query = <R extends pg.QueryResultRow>(statement: Statement) => Promise<R[]>;

/**
 * Puts a circuit breaker before a database: while the database is down, callers fail at once instead of waiting.
 *
 * @param timeoutMs of one statement. @default 2 s
 */
export const guardedQuery = (name: string, pool: pg.Pool, timeoutMs = 2_000): Query => {
  const run = async (_signal: AbortSignal, { values, ...statement }: Statement): Promise<pg.QueryResultRow[]> => {
    const { rows } = await pool.query({ ...statement, values: [...values] });
    return rows;
  };
  const guardedRun = withBreaker(name, run, { timeoutMs, isFailure: isDown, maxInFlight: 500, resetMs: 1_000 });
  return async <R extends pg.QueryResultRow>(statement: Statement): Promise<R[]> => {
    try {
      return (await guardedRun(statement)) as R[];
    } catch (error) {
      throw isDown(error) ? new DependencyUnavailable(name, error) : error;
    }
  };
};
