import { join } from 'node:path';
import { configuredMasterKeys, masterSecrets } from '@ums/identity/vault/masterKeySettings';
import { openVaultReader } from '@ums/identity/vault/openVaultReader';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { sharedHead } from '@ums/kit/event-log/sharedHead';
import { brokerAccess } from '@ums/kit/kafka/kafkaSettings';
import type { Log } from '@ums/kit/log';
import { exposePool } from '@ums/kit/postgres/exposePool';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import { type Readiness, type RunningService, readinessOf, upIf } from '@ums/kit/readiness';
import type { ProjectorConfig } from './config.js';
import { projectorReadiness, startProjection } from './projection/startProjection.js';
import { PROJECTIONS } from './projections.js';
import type { RunningPublisher, StartPublisherDeps } from './publisher/startPublisher.js';

export interface RunningProjector extends RunningService {
  /** Folds the parked keys of all projections again. @returns how many still fail. */
  retryParked(): Promise<number>;
}

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');

/**
 * Migrates the schema `read`, then starts every projection and, if there are brokers, the publisher.
 *
 * @throws StartRefused when a checkpoint belongs to another log, a secret is wrong, or a Kafka topic has other settings;
 * errors of an unreachable dependency, except Kafka.
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
    exposePool(pool, 'projector');
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const vault = await openVaultReader({
      ...{ url: config.VAULT_DATABASE_URL, applicationName: 'projector', max: 2, log },
      tables: ['data_key', 'secret_check'],
      secrets: { MASTER_KEY: masterSecrets(config) },
    });
    onClose(() => vault.end());
    exposePool(vault, 'projector-vault');
    const logId = await logIdentity(eventLog);
    const keys = vaultDataKeys({ pool: vault, masterKeys: configuredMasterKeys(config), clock });
    const head = sharedHead(config.EVENTSTORE_URL, eventLog.head);
    const deps = { pool, eventLog, head, keys, log, url, logId };
    const running = await Promise.all(PROJECTIONS.map((projection) => startProjection(projection, deps)));
    onClose(async () => {
      await Promise.all(running.map(({ stop }) => stop()));
    });
    const { KAFKA_BROKERS } = config;
    const kafka = KAFKA_BROKERS && { ...brokerAccess(KAFKA_BROKERS, config), clientId: 'projector', log };
    const publisher = kafka && (await startPublisherOn({ ...deps, kafka }));
    onClose(() => publisher?.stop());
    return {
      close,
      readiness: async () => withPublisher(await projectorReadiness(running, config.LAG_LIMIT_SECONDS), publisher),
      retryParked: async () => {
        let failing = 0;
        for (const projection of running) failing += await projection.retryParked();
        return failing;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The publisher and its Kafka client are loaded only where there are brokers. */
const startPublisherOn = async (deps: StartPublisherDeps): Promise<RunningPublisher> => {
  const { startPublisher } = await import('./publisher/startPublisher.js');
  return startPublisher(deps);
};

/** The lag of the publisher is reported, but does not make the projector not ready: reads do not depend on it. */
const withPublisher = async (readiness: Readiness, publisher: RunningPublisher | undefined): Promise<Readiness> => {
  if (publisher === undefined) return readiness;
  const checks = { ...readiness.checks, publisher: upIf(publisher.state() !== 'stopped') };
  return readinessOf(checks, { ...readiness.lag, publisherSeconds: await publisher.lagSeconds() });
};
