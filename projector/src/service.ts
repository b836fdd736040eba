import { join } from 'node:path';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { proveCheckpoint } from '@ums/kit/event-log/checkpoint';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { awaitTables } from '@ums/kit/postgres/awaitTables';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import type { Readiness, RunningService } from '@ums/kit/runningService';
import { dataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { checkSecret } from '@ums/kit/sealing/secretCheck';
import type { ProjectorConfig } from './config.js';
import { activate, type ProjectionState } from './projection/activate.js';
import { beginCheckpoint } from './projection/checkpoint.js';
import { type LagMonitor, lagMonitor } from './projection/lagMonitor.js';
import { projectionMetrics } from './projection/projectionMetrics.js';
import { retryParked } from './projection/retryParked.js';
import { userProfileV1 } from './user/userProfileV1.js';

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
    const vault = createPool({ url: config.VAULT_DATABASE_URL, applicationName: 'projector', max: 2, log });
    onClose(() => vault.end());
    await awaitTables(vault, ['data_key', 'secret_check'], { owner: 'command-api' });
    await checkSecret(vault, 'MASTER_KEY', config.MASTER_KEY);
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    await proveCheckpoint(eventLog, await beginCheckpoint(pool, userProfileV1.name, await logIdentity(eventLog)));

    const keys = dataKeys({ pool: vault, masterKeys: masterKeys(config.MASTER_KEY), clock });
    const metrics = projectionMetrics(userProfileV1.name);
    const deps = { projection: userProfileV1, pool, eventLog, keys, log, metrics, suspects: new Set<string>(), url };
    const stopping = new AbortController();
    const projection = activate<UserProfile>(deps, stopping.signal);
    const { signal } = stopping;
    const monitor = lagMonitor({
      pool,
      eventLog,
      projection: deps.projection.name,
      onMeasured: metrics.measured,
      signal,
    });
    onClose(async () => {
      stopping.abort();
      await Promise.all([projection.done, monitor.done]);
    });
    return {
      close,
      readiness: async () => readinessOf(projection.state(), monitor, config.LAG_LIMIT_SECONDS),
      retryParked: async () => (await retryParked(deps)).size,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Lag turns readiness red here and nowhere else: others go on serving what is there. */
const readinessOf = (state: ProjectionState, monitor: LagMonitor, limitSeconds: number): Readiness => {
  const lag = monitor.last();
  if (lag === undefined) return { ready: false, checks: {} };
  const projection = state === 'stopped' ? 'down' : lag.seconds > limitSeconds ? 'behind' : 'up';
  return {
    ready: lag.log && lag.postgres && projection === 'up',
    checks: { log: lag.log ? 'up' : 'down', postgres: lag.postgres ? 'up' : 'down', projection },
    lag: { seconds: lag.seconds, parked: lag.parked },
  };
};
