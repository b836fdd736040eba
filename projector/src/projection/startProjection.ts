import { verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import { type Readiness, readinessOf, upIf } from '@ums/kit/readiness';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type pg from 'pg';
import { activate, type ProjectionState } from './activate.js';
import { countEventsBehind, type Lag, lagMonitor } from './lagMonitor.js';
import { checkpointOf, type Projection } from './projection.js';
import { projectionMetrics } from './projectionMetrics.js';
import { retryParked } from './retryParked.js';

export interface RunningProjection {
  state(): ProjectionState;
  lag(): Promise<Lag>;
  /** Folds the parked keys again. @returns how many still fail. */
  retryParked(): Promise<number>;
  stop(): Promise<void>;
}

export interface StartDeps {
  pool: pg.Pool;
  eventLog: EventLog;
  /** The head of the log, for monitoring. */
  head: EventLog['head'];
  keys: DataKeys;
  log: Log;
  /** Of the database whose advisory lock chooses the active instance. */
  url: string;
  /** Identity of the event log, stored in a new checkpoint. */
  logId: string;
}

/**
 * Verifies the checkpoint of a projection, then runs the projection or stands by.
 *
 * @throws StartRefused when the checkpoint belongs to another log; errors of Postgres and the event log.
 */
export const startProjection = async (
  projection: Projection,
  { logId, head, ...shared }: StartDeps,
): Promise<RunningProjection> => {
  const { pool, eventLog } = shared;
  await verifyCheckpoint(eventLog, await checkpointOf(projection).begin(pool, logId));
  const metrics = projectionMetrics(projection.name);
  const deps = { ...shared, projection, metrics, reportedGaps: new Set<string>() };
  const stopping = new AbortController();
  const { signal } = stopping;
  const { state, done } = activate(deps, signal);
  const monitor = lagMonitor({
    pool,
    eventLog: { head },
    projection: projection.name,
    onMeasured: metrics.measured,
    signal,
  });
  const hideEvents = metrics.exposeEvents(() => countEventsBehind(monitor, eventLog));
  return {
    state,
    lag: monitor.lag,
    retryParked: async () => (await retryParked(deps)).size,
    stop: async () => {
      stopping.abort();
      hideEvents();
      await Promise.all([done, monitor.done]);
    },
  };
};

/**
 * Readiness over all projections. Lag makes only the projector not ready: other services go on serving the rows that exist.
 */
export const projectorReadiness = async (
  running: readonly RunningProjection[],
  limitSeconds: number,
): Promise<Readiness> => {
  const lags = await Promise.all(running.map(({ lag }) => lag()));
  const seconds = Math.max(...lags.map((lag) => lag.seconds));
  const stopped = running.some(({ state }) => state() === 'stopped');
  const projection = stopped ? 'down' : seconds > limitSeconds ? 'behind' : 'up';
  const log = upIf(lags.every((lag) => lag.logReachable));
  const postgres = upIf(lags.every((lag) => lag.postgresReachable));
  return readinessOf(
    { log, postgres, projection },
    { seconds, parked: lags.reduce((sum, lag) => sum + lag.parked, 0) },
  );
};
