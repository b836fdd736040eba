import { join } from 'node:path';
import { vaultDataKeys } from '@ums/identity/vault/dataKeys';
import { openVaultReader } from '@ums/identity/vault/openVaultReader';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { proveCheckpoint } from '@ums/kit/event-log/checkpoint';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import { type Readiness, type RunningService, readinessOf, upIf } from '@ums/kit/readiness';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import type pg from 'pg';
import type { ProjectorConfig } from './config.js';
import { activate, type ProjectionState } from './projection/activate.js';
import { type Lag, lagMonitor } from './projection/lagMonitor.js';
import { checkpointOf, type Projection } from './projection/projection.js';
import { projectionMetrics } from './projection/projectionMetrics.js';
import { retryParked } from './projection/retryParked.js';
import { PROJECTIONS } from './projections.js';

export interface RunningProjector extends RunningService {
  /** Folds the parked keys again. @returns how many still fail. */
  retryParked(): Promise<number>;
}

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');

/**
 * Event log to Postgres: migrates the read schema, proves that its checkpoint is of this log, then folds, or stands by
 * while another instance does.
 *
 * @throws StartRefused for a foreign log or a wrong secret; what an unreachable dependency throws.
 */
export const startProjector = async (
  config: ProjectorConfig,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<RunningProjector> => {
  const { onClose, close } = closers();
  try {
    const url = config.DATABASE_URL;
    await migrate({ url, dir: MIGRATIONS, schema: 'read', log });
    const pool = createPool({ url, applicationName: 'projector', max: 4, log });
    onClose(() => pool.end());
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const { MASTER_KEY } = config;
    const vault = await openVaultReader({
      ...{ url: config.VAULT_DATABASE_URL, applicationName: 'projector', max: 2, log },
      tables: ['data_key', 'secret_check'],
      secrets: { MASTER_KEY },
    });
    onClose(() => vault.end());
    const logId = await logIdentity(eventLog);
    const keys = vaultDataKeys({ pool: vault, masterKeys: masterKeys(MASTER_KEY), clock });
    const running = await Promise.all(
      PROJECTIONS.map((projection) => begin(projection, { pool, eventLog, keys, log, url, logId })),
    );
    onClose(async () => {
      await Promise.all(running.map(({ stop }) => stop()));
    });
    return {
      close,
      readiness: async () => readinessOfAll(running, config.LAG_LIMIT_SECONDS),
      retryParked: async () => {
        let failing = 0;
        for (const { retry } of running) failing += (await retry()).size;
        return failing;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

interface ProjectorDeps {
  pool: pg.Pool;
  eventLog: EventLog;
  keys: DataKeys;
  log: Log;
  url: string;
  logId: string;
}

/** Proves the checkpoint of one projection, then runs it, or stands by. */
const begin = async (projection: Projection, { logId, ...shared }: ProjectorDeps): Promise<RunningProjection> => {
  const { pool, eventLog } = shared;
  await proveCheckpoint(eventLog, await checkpointOf(projection).begin(pool, logId));
  const metrics = projectionMetrics(projection.name);
  const deps = { ...shared, projection, metrics, suspects: new Set<string>() };
  const stopping = new AbortController();
  const { signal } = stopping;
  const { state, done } = activate(deps, signal);
  const monitor = lagMonitor({ pool, eventLog, projection: projection.name, onMeasured: metrics.measured, signal });
  return {
    ...{ state, lag: monitor.last, retry: () => retryParked(deps) },
    stop: async () => {
      stopping.abort();
      await Promise.all([done, monitor.done]);
    },
  };
};

interface RunningProjection {
  state(): ProjectionState;
  lag(): Lag | undefined;
  retry(): ReturnType<typeof retryParked>;
  stop(): Promise<void>;
}

/** Lag turns readiness red here and nowhere else: other services go on serving what is there. */
const readinessOfAll = (running: readonly RunningProjection[], limitSeconds: number): Readiness => {
  const found = running.map(({ state, lag }) => ({ state: state(), lag: lag() }));
  const lags = found.flatMap(({ lag }) => lag ?? []);
  if (lags.length < found.length) return { ready: false, checks: {} };
  const seconds = Math.max(...lags.map((lag) => lag.seconds));
  const stopped = found.some(({ state }) => state === 'stopped');
  const projection = stopped ? 'down' : seconds > limitSeconds ? 'behind' : 'up';
  const log = upIf(lags.every((lag) => lag.log));
  const postgres = upIf(lags.every((lag) => lag.postgres));
  return readinessOf(
    { log, postgres, projection },
    { seconds, parked: lags.reduce((sum, lag) => sum + lag.parked, 0) },
  );
};
