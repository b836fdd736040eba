import { masterKeySettings } from '@ums/identity/vault/masterKeySettings';
import { integer, parseEnv, port, text } from '@ums/kit/env';
import { eventLogUrl } from '@ums/kit/event-log/eventLogUrl';
import { brokers } from '@ums/kit/kafka/brokers';
import { type BrokerSettings, brokerSettings, kafkaSettings } from '@ums/kit/kafka/kafkaSettings';
import { openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';

/** Reads the configuration from the environment. @throws ConfigFault that lists every invalid variable. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      EVENTSTORE_URL: eventLogUrl(),
      DATABASE_URL: databaseUrl(),
      VAULT_DATABASE_URL: databaseUrl(),
      ...masterKeySettings(),
      HOST: text('127.0.0.1'),
      METRICS_PORT: port(9464),
      ...kafkaSettings(),
      ...openSearchSettings(),
      LAG_LIMIT_SECONDS: integer({ default: 30, min: 1, max: 86_400 }),
    },
    env,
  );

export type ProjectorConfig = ReturnType<typeof readConfig>;

/** The configuration of the command `publish`. @throws ConfigFault that lists every invalid variable. */
export const readRepublishConfig = (env = process.env) =>
  parseEnv(
    { EVENTSTORE_URL: eventLogUrl(), DATABASE_URL: databaseUrl(), KAFKA_BROKERS: brokers(), ...brokerSettings() },
    env,
  );

export type RepublishConfig = BrokerSettings & Omit<ReturnType<typeof readRepublishConfig>, keyof BrokerSettings>;

/** The configuration of the command `projections`. @throws ConfigFault that lists every invalid variable. */
export const readProjectionsConfig = (env = process.env) =>
  parseEnv(
    {
      EVENTSTORE_URL: eventLogUrl(),
      DATABASE_URL: databaseUrl(),
      VAULT_DATABASE_URL: databaseUrl(),
      ...masterKeySettings(),
    },
    env,
  );

export type ProjectionsConfig = ReturnType<typeof readProjectionsConfig>;
