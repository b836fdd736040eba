import { optional, parseEnv, port, text } from '@ums/kit/env';
import { proxies } from '@ums/kit/http/trustedProxies';
import { origins, webAddress } from '@ums/kit/webAddress';

const dataDir = text('./data');

/** What the process itself is told; `readSettings` looks at all of it. @throws ConfigFault listing all faults. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      HOST: text('127.0.0.1'),
      PORT: port(8080),
      /** The inbox always listens on 127.0.0.1: it holds the tokens of its mails. */
      INBOX_PORT: port(8025),
      METRICS_PORT: port(9464),
      DATA_DIR: dataDir,
      /** Base of links and problem types; the address it listens on unless given. */
      PUBLIC_URL: optional(webAddress()),
      CORS_ORIGINS: origins([]),
      TRUSTED_PROXIES: proxies(),
    },
    env,
  );

/** The data folder alone: what a command beside the service needs to find it. */
export const readDataDir = (env = process.env): string => parseEnv({ DATA_DIR: dataDir }, env).DATA_DIR;

export type EmbeddedConfig = ReturnType<typeof readConfig>;
