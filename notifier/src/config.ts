import { appName } from '@ums/identity/appName';
import { masterKeySettings } from '@ums/identity/vault/masterKeySettings';
import { integer, optional, parseEnv, port, secret, text } from '@ums/kit/env';
import { eventLogUrl } from '@ums/kit/event-log/eventLogUrl';
import { type BrokerSettings, kafkaSettings } from '@ums/kit/kafka/kafkaSettings';
import { type OpenSearchSettings, openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { objectStorageSettings } from '@ums/kit/object-storage/objectStorageSettings';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';
import { engineUrl } from '@ums/kit/transport/engineUrl';
import { baseUrl, pageUrl } from '@ums/kit/webAddress';
import { mailSender } from './mail/mailSender.js';

/** The only reader of the environment. @throws ConfigFault with all faults. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      EVENTSTORE_URL: eventLogUrl(),
      /** Without brokers, the notifier follows the event log itself. */
      ...kafkaSettings(),
      DATABASE_URL: databaseUrl(),
      VAULT_DATABASE_URL: databaseUrl(),
      ...masterKeySettings(),
      ADDRESS_KEY: secret({ bytes: 32 }),
      MAIL_TOKEN_KEY: secret({ bytes: 32 }),
      PUBLIC_URL: baseUrl(),
      APP_NAME: appName(),
      APP_URL: optional(pageUrl()),
      MAIL_LOGO_URL: optional(pageUrl()),
      MAIL_FROM: mailSender(),
      ...objectStorageSettings(),
      SES_ENDPOINT: optional(engineUrl()),
      /** Of this process. Less than the quota of the account, which all notifiers share. */
      SES_SENDS_PER_SECOND: integer({ default: 10, min: 1, max: 10_000 }),
      /** The AWS SDK reads its credentials itself. Without this key, `SES_ENDPOINT` gets dummy credentials. */
      AWS_ACCESS_KEY_ID: optional(text()),
      HOST: text('127.0.0.1'),
      METRICS_PORT: port(9464),
      ...openSearchSettings(),
    },
    env,
  );

type Settings = ReturnType<typeof readConfig>;

/** What the service needs; the process needs the rest. */
export type NotifierConfig = BrokerSettings &
  Pick<Settings, 'AWS_REGION'> &
  Omit<Settings, keyof OpenSearchSettings | keyof BrokerSettings>;
