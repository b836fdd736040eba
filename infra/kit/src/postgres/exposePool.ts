import type pg from 'pg';
import { type Reading, readGauge } from '../metrics.js';

const POOL = 'db_client_connection_pool_name';

/**
 * Exposes the connections of a pool until it ends, under names of OpenTelemetry's semantic conventions.
 *
 * @param name a constant of the caller that no other pool of the process has.
 */
export const exposePool = (pool: pg.Pool, name: string): void => {
  const whileOpen =
    <L extends string>(read: () => readonly Reading<L>[]) =>
    () =>
      pool.ending ? [] : read();
  const [state, labels] = ['db_client_connection_state', { [POOL]: name }] as const;
  readGauge(
    'db_client_connection_count',
    'Open connections of a pool.',
    [POOL, state],
    whileOpen(() => [
      [{ ...labels, [state]: 'idle' }, pool.idleCount],
      [{ ...labels, [state]: 'used' }, pool.totalCount - pool.idleCount],
    ]),
  );
  readGauge(
    'db_client_connection_pending_requests',
    'Callers that wait for a connection of a pool.',
    [POOL],
    whileOpen(() => [[labels, pool.waitingCount]]),
  );
  readGauge(
    'db_client_connection_max',
    'Connections that a pool opens at most.',
    [POOL],
    whileOpen(() => [[labels, pool.options.max]]),
  );
};
