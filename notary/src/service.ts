import { join } from 'node:path';
import { openVaultReader } from '@ums/identity/vault/openVaultReader';
import { systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { exposeLag } from '@ums/kit/event-log/exposeLag';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { sharedHead } from '@ums/kit/event-log/sharedHead';
import { brokerAccess } from '@ums/kit/kafka/kafkaSettings';
import type { Log } from '@ums/kit/log';
import { readGauge } from '@ums/kit/metrics';
import { lazyS3Storage } from '@ums/kit/object-storage/lazyS3Storage';
import { s3Access } from '@ums/kit/object-storage/objectStorageSettings';
import { exposePool } from '@ums/kit/postgres/exposePool';
import { guardedQuery } from '@ums/kit/postgres/guardedQuery';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import { type RunningService, readinessOf, upIf, upIfResolves } from '@ums/kit/readiness';
import type pg from 'pg';
import { notaryMetrics } from './checkpoint/notaryMetrics.js';
import type { SigningTimes } from './checkpoint/signCheckpoint.js';
import { lastCheckpoint } from './checkpoint/signedCheckpoints.js';
import type { NotaryConfig } from './config.js';
import { notaryKeys } from './note/notaryKeys.js';
import { bucketPlace } from './place/bucketPlace.js';
import { filePlace } from './place/filePlace.js';
import type { Place } from './place/place.js';
import { countUnpublished } from './place/publishedCheckpoints.js';
import type { TopicPlaceOptions } from './place/topicPlace.js';
import { receiptSigning } from './receipt/receiptSigning.js';
import { runNotary } from './runNotary.js';
import { treePosition } from './tree/treeStore.js';

export interface RunningNotary extends RunningService {
  /** The public keys as C2SP verifier keys; the one that signs first. */
  verifierKeys: readonly string[];
}

export interface NotaryOptions {
  log: Log;
  /** For tests. @default CHECKPOINT_SECONDS while the tree grows, an hour in any case */
  times?: SigningTimes;
  /** Time between two looks at what is due, in ms. @default 5 s, or CHECKPOINT_SECONDS if that is less */
  everyMs?: number;
}

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');
const ANYWAY_SECONDS = 3_600;
const LOOK_MS = 5_000;
const MAX_COUNTED = 10_000;

/**
 * Migrates the schema `notary`, then keeps the tree and signs its checkpoints and the receipts of erasures, or stands by.
 *
 * @throws StartRefused when the position or the vault belongs to another log, or a key is wrong; TopicMismatch when the topic
 * of checkpoints has other settings; errors of an unreachable dependency, except the places of checkpoints.
 */
export const startNotary = async (config: NotaryConfig, { log, ...options }: NotaryOptions): Promise<RunningNotary> => {
  const { onClose, close } = closers();
  try {
    const url = config.DATABASE_URL;
    await migrate({ url, dir: MIGRATIONS, schema: 'notary', log });
    const pool = createPool({ url, applicationName: 'notary', max: 4, log });
    onClose(() => pool.end());
    exposePool(pool, 'notary');
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const logId = await logIdentity(eventLog);
    await verifyCheckpoint(eventLog, await treePosition().begin(pool, logId));
    const origin = config.NOTARY_ORIGIN ?? `ums/${logId}`;
    const { NOTARY_KEY: key, NOTARY_KEY_PREVIOUS: previousKeys } = config;
    const keys = notaryKeys({ name: origin, key, previousKeys });
    const places = placesOf(config, onClose);
    const { KAFKA_BROKERS } = config;
    const kafka = KAFKA_BROKERS && { ...brokerAccess(KAFKA_BROKERS, config), clientId: 'notary', log };
    const topic = kafka && (await topicOn({ pool, kafka, origin }));
    if (topic !== undefined) places.push(topic);
    const { CHECKPOINT_SECONDS: grownSeconds } = config;
    const { times = { grownSeconds, anywaySeconds: ANYWAY_SECONDS } } = options;
    const { everyMs = Math.min(LOOK_MS, grownSeconds * 1_000) } = options;
    const metrics = notaryMetrics();
    const vault = await openVaultReader({
      ...{ url: config.VAULT_DATABASE_URL, applicationName: 'notary', max: 2, log, logId },
      tables: ['erasure_receipt', 'receipt_statement', 'log_identity'],
    });
    onClose(() => vault.end());
    exposePool(vault, 'notary-vault');
    const receipts = receiptSigning({
      ...{ vault: guardedQuery('vault', vault), read: guardedQuery('read model', pool), clock: systemClock },
      ...{ keys, backupDays: config.BACKUP_DAYS, pendingSeconds: times.grownSeconds, metrics, log },
    });
    const running = runNotary({ pool, eventLog, url, keys, origin, places, receipts, metrics, log, times, everyMs });
    onClose(running.stop);
    const head = sharedHead(config.EVENTSTORE_URL, eventLog.head);
    const position = async (): Promise<bigint> => (await treePosition().read(pool))?.position ?? -1n;
    onClose(exposeLag({ name: 'ums_notary_lag', labels: {}, eventLog: { ...eventLog, head }, position }));
    onClose(
      readGauge('ums_notary_checkpoint_age_seconds', 'Time since the last checkpoint was signed', [], async () => {
        const last = await lastCheckpoint(pool);
        return last === undefined ? [] : [[{}, last.ageSeconds]];
      }),
    );
    return {
      close,
      verifierKeys: keys.verifierKeys,
      readiness: async () => {
        const [logCheck, postgres] = await Promise.all([upIfResolves(head()), upIfResolves(pool.query('select 1'))]);
        const { tree, checkpoints, haltedAt } = running.state();
        const checks = {
          ...{ log: logCheck, postgres },
          ...{ tree: upIf(tree !== 'stopped' && tree !== 'halted'), checkpoints: upIf(checkpoints !== 'refused') },
        };
        const unpublished = topic && (await unpublishedLag(pool, topic.name));
        return readinessOf(
          checks,
          haltedAt === undefined ? unpublished : { ...unpublished, haltedAtPosition: Number(haltedAt) },
        );
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The Kafka client is loaded only where there are brokers. */
const topicOn = async (options: TopicPlaceOptions): Promise<Place> => {
  const { topicPlace } = await import('./place/topicPlace.js');
  return topicPlace(options);
};

/** Reported, but no reason to be not ready: the other places have the checkpoints. Empty while Postgres does not answer. */
const unpublishedLag = (pool: pg.Pool, place: string): Promise<Record<string, number>> =>
  countUnpublished(pool, place, MAX_COUNTED).then(
    (count) => ({ unpublishedCheckpoints: count }),
    () => ({}),
  );

const placesOf = (config: NotaryConfig, onClose: (close: () => void) => void): Place[] => {
  const places: Place[] = [];
  if (config.CHECKPOINT_DIR !== undefined) places.push(filePlace(config.CHECKPOINT_DIR));
  if (config.CHECKPOINT_BUCKET !== undefined) {
    const storage = lazyS3Storage(s3Access({ ...config, S3_BUCKET: config.CHECKPOINT_BUCKET }));
    onClose(storage.close);
    places.push(bucketPlace({ storage, lockDays: config.CHECKPOINT_LOCK_DAYS }));
  }
  return places;
};
