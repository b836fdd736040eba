import { appName } from '@ums/identity/appName';
import { backupDays } from '@ums/identity/erasure/backupDays';
import { limitSetting } from '@ums/identity/limits/limitSetting';
import { masterKeySettings } from '@ums/identity/vault/masterKeySettings';
import { parseEnv, port, text } from '@ums/kit/env';
import { eventLogUrl } from '@ums/kit/event-log/eventLogUrl';
import { keepAlive } from '@ums/kit/http/listen';
import { proxyList } from '@ums/kit/http/request/trustedProxies';
import { type OpenSearchSettings, openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { objectLinkSettings } from '@ums/kit/object-storage/objectLinkSettings';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';
import { requireTls } from '@ums/kit/transport/requireTls';
import { baseUrl, origins } from '@ums/kit/webAddress';

/** Reads the configuration from the environment. @throws ConfigFault that lists every invalid variable. */
export const readConfig = (env = process.env) =>
  parseEnv(
    {
      REQUIRE_TLS: requireTls(),
      EVENTSTORE_URL: eventLogUrl(),
      DATABASE_URL: databaseUrl(),
      VAULT_DATABASE_URL: databaseUrl(),
      ...masterKeySettings(),
      ACCESS_TOKEN_JWKS: text(),
      ACCESS_TOKEN_ISSUER: text('user-management'),
      ACCESS_TOKEN_AUDIENCE: text('user-management'),
      HOST: text('127.0.0.1'),
      PORT: port(8080),
      METRICS_PORT: port(9464),
      PUBLIC_URL: baseUrl('http://127.0.0.1:8080'),
      APP_NAME: appName(),
      CORS_ORIGINS: origins([]),
      TRUSTED_PROXIES: proxyList(),
      KEEP_ALIVE_SECONDS: keepAlive(),
      BACKUP_DAYS: backupDays(),
      LIMIT_REQUESTS_PER_SOURCE: limitSetting(300),
      LIMIT_READS_PER_AUDITOR: limitSetting(600),
      ...objectLinkSettings(),
      ...openSearchSettings(),
    },
    env,
  );

/** What the service needs; the process needs the rest. */
export type QueryApiConfig = Omit<
  ReturnType<typeof readConfig>,
  keyof OpenSearchSettings | 'METRICS_PORT' | 'REQUIRE_TLS'
>;
