import { optional, parseEnv, port, text } from '@ums/kit/env';
import { keepAlive } from '@ums/kit/http/listen';
import { proxyList } from '@ums/kit/http/request/trustedProxies';
import { openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { baseUrl, origins } from '@ums/kit/webAddress';

const dataDir = text('./data');

/** The settings of the process itself; `readSettings` also checks those of the services. @throws ConfigFault listing all faults. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      HOST: text('127.0.0.1'),
      PORT: port(8080),
      /** The inbox always listens on 127.0.0.1, because its mails contain tokens. */
      INBOX_PORT: port(8025),
      METRICS_PORT: port(9464),
      DATA_DIR: dataDir,
      /** Base of links and problem types. @default the address that the API listens on */
      PUBLIC_URL: optional(baseUrl()),
      CORS_ORIGINS: origins([]),
      TRUSTED_PROXIES: proxyList(),
      KEEP_ALIVE_SECONDS: keepAlive(),
      ...openSearchSettings(),
    },
    env,
  );

/** DATA_DIR alone, for commands that use the running service. */
export const readDataDir = (env = process.env): string => parseEnv({ DATA_DIR: dataDir }, env).DATA_DIR;

export type EmbeddedConfig = ReturnType<typeof readConfig>;
