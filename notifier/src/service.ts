import { join } from 'node:path';
import { configuredMasterKeys, masterSecrets } from '@ums/identity/vault/masterKeySettings';
import { openVaultReader } from '@ums/identity/vault/openVaultReader';
import { settledVault } from '@ums/identity/vault/settledVault';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { exposeLag } from '@ums/kit/event-log/exposeLag';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { brokerAccess } from '@ums/kit/kafka/kafkaSettings';
import type { KafkaSourceOptions } from '@ums/kit/kafka-source/kafkaSourceOptions';
import type { Log } from '@ums/kit/log';
import { eventLogSource } from '@ums/kit/message-source/eventLogSource';
import type { Consumption, MessageSource } from '@ums/kit/message-source/messageSource';
import { exposePool } from '@ums/kit/postgres/exposePool';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import { type RunningService, upOrBehind } from '@ums/kit/readiness';
import type { NotifierConfig } from './config.js';
import { mailConsumer } from './mailConsumer.js';
import { lagOfCheckpoints, lagOfGroups, notifierReadiness } from './notifierReadiness.js';
import { onceSettled } from './onceSettled.js';
import { pictureConsumer } from './pictureConsumer.js';

/** Each consumer has a name, a checkpoint and lanes of its own. */
const CONSUMERS = [mailConsumer, pictureConsumer];
const VAULT_TABLES = [
  ...([
    'data_key',
    'registration',
    'address',
    'account',
    'mail_request',
    'email_change',
    'farewell',
    'mail_block',
  ] as const),
  ...(['log_identity', 'secret_check', 'erasure_receipt', 'checkpoint'] as const),
];
const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');

/**
 * Runs the consumers on Kafka, where instances share the work, or else on the event log, where each consumer is on standby
 * while another instance runs it. Messages wait until the vault is settled up to the head that the log had at the start. A
 * consumer that fails for good later, for example because the log was replaced, rejects unhandled, which ends the process.
 *
 * @throws StartRefused for a foreign log, a wrong secret, or a Kafka topic with other settings; the error of a dependency that
 * is unreachable, except Kafka.
 */
export const startNotifier = async (
  config: NotifierConfig,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<RunningService> => {
  const { onClose, close } = closers();
  try {
    const url = config.DATABASE_URL;
    await migrate({ url, dir: MIGRATIONS, schema: 'notifier', log });
    const pool = createPool({ url, applicationName: 'notifier', log });
    onClose(() => pool.end());
    exposePool(pool, 'notifier');
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const logId = await logIdentity(eventLog);
    const { ADDRESS_KEY, MAIL_TOKEN_KEY } = config;
    const vault = await openVaultReader({
      ...{ url: config.VAULT_DATABASE_URL, applicationName: 'notifier', log, logId },
      tables: VAULT_TABLES,
      secrets: {
        MASTER_KEY: masterSecrets(config),
        ...{ ADDRESS_KEY: [ADDRESS_KEY], MAIL_TOKEN_KEY: [MAIL_TOKEN_KEY] },
      },
    });
    onClose(() => vault.end());
    exposePool(vault, 'notifier-vault');
    const master = configuredMasterKeys(config);
    const keys = vaultDataKeys({ pool: vault, masterKeys: master, clock });

    const stopping = new AbortController();
    const deps = { pool, vault, keys, masterKeys: master, clock, eventLog, log, onClose, stopping: stopping.signal };
    const settled = settledVault(vault, eventLog);
    await upOrBehind(settled.ready());
    const consumers = CONSUMERS.map((create) => onceSettled(create(config, deps), settled, log));
    const shared = { eventLog, logId, pool, schema: 'notifier', log };
    const { KAFKA_BROKERS } = config;
    const kafka = KAFKA_BROKERS && { ...brokerAccess(KAFKA_BROKERS, config), clientId: 'notifier', log };
    const source = kafka === undefined ? eventLogSource({ ...shared, url }) : await kafkaSourceOn({ ...shared, kafka });
    const consumptions: Consumption[] = [];
    for (const consumer of consumers) {
      const consumption = await source.consume({ ...consumer, signal: stopping.signal });
      consumptions.push(consumption);
      onClose(async () => {
        stopping.abort();
        await consumption.finished;
      });
    }
    const checkpoints = consumers.map(({ name }) => ({ name, ...checkpointStore('notifier.checkpoint', name) }));
    const lag = kafka === undefined ? lagOfCheckpoints(pool, eventLog, checkpoints) : lagOfGroups(consumptions);
    for (const { name, read } of kafka === undefined ? checkpoints : []) {
      const position = async () => (await read(pool))?.position ?? -1n;
      onClose(exposeLag({ name: 'ums_consumer_lag', labels: { consumer: name }, eventLog, position }));
    }
    return { close, readiness: notifierReadiness({ pool, vault, eventLog, lag }) };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The Kafka client is loaded only where there are brokers. */
const kafkaSourceOn = async (options: KafkaSourceOptions): Promise<MessageSource> => {
  const { kafkaSource } = await import('@ums/kit/kafka-source/kafkaSource');
  return kafkaSource(options);
};
