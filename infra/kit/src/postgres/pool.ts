import pg from 'pg';
import type { Log } from '../log.js';
import { codeOf, noteRefusedConnection } from './errors.js';
import { limitSilence } from './limitSilence.js';
import { noteDownTime } from './noteDownTime.js';
import { urlWithSettings } from './urlWithSettings.js';

export interface PoolOptions {
  url: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Maximum number of connections. @default 10 */
  max?: number;
  /** Connections that stay open without work, once they were opened. @default 0 */
  min?: number;
  /** A statement that takes longer fails. @default 5 s */
  statementTimeoutMs?: number;
  /** A connection not established by then fails, so that a request can answer 503 in time. @default 2 s */
  connectTimeoutMs?: number;
  /** Whether the planner avoids everything but following an index, in its order. @default false */
  indexScansOnly?: boolean;
  /** Whether a prepared statement is planned once, for any values, instead of for those of each call. @default false */
  plansOnce?: boolean;
  log: Log;
}

/**
 * A pool that no server state can hang or crash (F-16): every wait is limited by the server and, in case the server does
 * not answer, also by the client. A broken connection is logged and replaced.
 */
export const createPool = (options: PoolOptions): pg.Pool => {
  const { url, applicationName, max = 10, statementTimeoutMs = 5_000, connectTimeoutMs = 2_000, log } = options;
  const { min = 0 } = options;
  const pool = new pg.Pool({
    connectionString: urlWithSettings(url, plannerSettings(options)),
    application_name: applicationName,
    max,
    min,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs * 4,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  });
  pool.on('error', (error: Error) => {
    // A pool that ends does not wait for the goodbye of each connection: a server that stops next may end some of them.
    if (!pool.ending) log.warn('postgres connection lost', { reason: codeOf(error) ?? error.name });
  });
  // Between two statements of a transaction the client has no other listener, and an unhandled `error` event ends the
  // process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    limitSilence(client, statementTimeoutMs + 500);
  });
  noteRefusals(pool);
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  const notingQuery = async (...args: unknown[]): Promise<unknown> => {
    const startedAt = performance.now();
    return query(...args).catch((error: unknown) => {
      throw noteDownTime(error, pool, startedAt);
    });
  };
  pool.query = notingQuery as typeof pool.query;
  return pool;
};

type OnClient = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (destroy?: unknown) => void,
) => void;

/** All connections are asked for here: `query` calls `connect` with a callback. */
const noteRefusals = (pool: pg.Pool): void => {
  const connect = pool.connect.bind(pool) as (onClient: OnClient) => void;
  const noting = (onClient: OnClient): void =>
    connect((error, client, release) => onClient(noteRefusedConnection(error), client, release));
  const promised = (): Promise<pg.PoolClient> =>
    new Promise((resolve, reject) =>
      noting((error, client) => (client === undefined ? reject(error) : resolve(client))),
    );
  pool.connect = ((onClient?: OnClient) =>
    onClient === undefined ? promised() : noting(onClient)) as typeof pool.connect;
};

const plannerSettings = ({
  indexScansOnly = false,
  plansOnce = false,
}: Pick<PoolOptions, 'indexScansOnly' | 'plansOnce'>): string[] => [
  ...(indexScansOnly ? ['enable_seqscan=off', 'enable_bitmapscan=off'] : []),
  ...(plansOnce ? ['plan_cache_mode=force_generic_plan'] : []),
];
