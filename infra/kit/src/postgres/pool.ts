import pg from 'pg';
import type { Log } from '../log.js';
import { codeOf } from './errors.js';

export interface PoolOptions {
  url: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Connections at most; 10 unless told. */
  max?: number;
  /** A statement that takes longer fails; 5 s unless told. */
  statementTimeoutMs?: number;
  /** A connection not there by then fails; 2 s unless told, so that a request can answer 503 in time. */
  connectTimeoutMs?: number;
  log: Log;
}

/**
 * A pool that no state of the server can hang or crash (F-16): every wait has an end, on the server and, for a server that
 * does not answer, here; a connection that breaks is logged and replaced.
 */
export const createPool = (options: PoolOptions): pg.Pool => {
  const { url, applicationName, max = 10, statementTimeoutMs = 5_000, connectTimeoutMs = 2_000, log } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 500,
    idle_in_transaction_session_timeout: statementTimeoutMs * 4,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  });
  const lost = (error: Error) => log.warn('postgres connection lost', { reason: codeOf(error) ?? error.name });
  pool.on('error', lost);
  // Between two statements of a transaction nobody else listens, and an `error` without listener ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
};
