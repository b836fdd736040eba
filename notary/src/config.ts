import { backupDays } from '@ums/identity/erasure/backupDays';
import { integer, parseEnv, port, text } from '@ums/kit/env';
import { eventLogUrl } from '@ums/kit/event-log/eventLogUrl';
import { kafkaSettings } from '@ums/kit/kafka/kafkaSettings';
import { openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { objectStorageSettings } from '@ums/kit/object-storage/objectStorageSettings';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';
import { noteSettings } from './note/noteSettings.js';
import { placeSettings } from './place/placeSettings.js';

/** The bucket has a name of its own: it is not the one of the files of users. */
const { S3_BUCKET: _, ...bucketAccess } = objectStorageSettings();

/** Reads the configuration from the environment. @throws ConfigFault that lists every invalid variable. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      EVENTSTORE_URL: eventLogUrl(),
      DATABASE_URL: databaseUrl(),
      /** Of receipts of erasures, which the notary signs. It reads nothing else there. */
      VAULT_DATABASE_URL: databaseUrl(),
      BACKUP_DAYS: backupDays(),
      ...noteSettings(),
      /** While the log grows; otherwise a checkpoint is signed once in an hour. */
      CHECKPOINT_SECONDS: integer({ default: 60, min: 1, max: 3_600 }),
      ...placeSettings(),
      ...bucketAccess,
      /** Checkpoints are published to a topic too. */
      ...kafkaSettings(),
      HOST: text('127.0.0.1'),
      METRICS_PORT: port(9464),
      ...openSearchSettings(),
    },
    env,
  );

export type NotaryConfig = ReturnType<typeof readConfig>;

/** The configuration of the command `export-log`. @throws ConfigFault that lists every invalid variable. */
export const readExportConfig = (env = process.env) =>
  parseEnv({ EVENTSTORE_URL: eventLogUrl(), DATABASE_URL: databaseUrl() }, env);

export type ExportConfig = ReturnType<typeof readExportConfig>;
