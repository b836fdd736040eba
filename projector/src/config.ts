import { databaseUrl, integer, parseEnv, port, secret, text } from '@ums/kit/env';
import { openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';

/** Reads the configuration from the environment. @throws ConfigFault that lists every invalid variable. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      EVENTSTORE_URL: text(),
      DATABASE_URL: databaseUrl(),
      VAULT_DATABASE_URL: databaseUrl(),
      MASTER_KEY: secret({ bytes: 32 }),
      HOST: text('127.0.0.1'),
      METRICS_PORT: port(9464),
      ...openSearchSettings(),
      LAG_LIMIT_SECONDS: integer({ default: 30, min: 1, max: 86_400 }),
    },
    env,
  );

export type ProjectorConfig = ReturnType<typeof readConfig>;
