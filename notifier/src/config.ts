import { appName } from '@ums/identity/appName';
import { databaseUrl, optional, parseEnv, port, secret, text } from '@ums/kit/env';
import { brokers } from '@ums/kit/kafka/brokers';
import { type OpenSearchSettings, openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { objectStorageSettings } from '@ums/kit/object-storage/objectStorageSettings';
import { baseUrl, pageUrl } from '@ums/kit/webAddress';

/** The only reader of the environment. @throws ConfigFault with all faults. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      EVENTSTORE_URL: text(),
      /** Without brokers, the notifier follows the event log itself. */
      KAFKA_BROKERS: optional(brokers()),
      DATABASE_URL: databaseUrl(),
      VAULT_DATABASE_URL: databaseUrl(),
      MASTER_KEY: secret({ bytes: 32 }),
      ADDRESS_KEY: secret({ bytes: 32 }),
      MAIL_TOKEN_KEY: secret({ bytes: 32 }),
      PUBLIC_URL: baseUrl(),
      APP_NAME: appName(),
      APP_URL: optional(pageUrl()),
      MAIL_LOGO_URL: optional(pageUrl()),
      MAIL_FROM: text(),
      ...objectStorageSettings(),
      SES_ENDPOINT: optional(baseUrl()),
      AWS_REGION: text('us-east-1'),
      /** The AWS SDK reads its credentials itself. Without this key, `SES_ENDPOINT` gets dummy credentials. */
      AWS_ACCESS_KEY_ID: optional(text()),
      HOST: text('127.0.0.1'),
      METRICS_PORT: port(9464),
      ...openSearchSettings(),
    },
    env,
  );

/** What the service needs; the process needs the rest. */
export type NotifierConfig = Omit<ReturnType<typeof readConfig>, keyof OpenSearchSettings>;
