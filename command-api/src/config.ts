import { accessTokenKeySettings } from '@ums/identity/access-token/accessTokenKeys';
import type { JwkSet } from '@ums/identity/access-token/jwkSet';
import { appName } from '@ums/identity/appName';
import { limitSetting } from '@ums/identity/limits/limitSetting';
import { masterKeySettings, masterSecrets } from '@ums/identity/vault/masterKeySettings';
import { type Environment, integer, optional, parseEnv, port, secret, text } from '@ums/kit/env';
import { eventLogUrl } from '@ums/kit/event-log/eventLogUrl';
import { keepAlive } from '@ums/kit/http/listen';
import { proxyList } from '@ums/kit/http/request/trustedProxies';
import { openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { objectLinkSettings } from '@ums/kit/object-storage/objectLinkSettings';
import { objectStorageSettings } from '@ums/kit/object-storage/objectStorageSettings';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';
import { requireTls } from '@ums/kit/transport/requireTls';
import { baseUrl, origins, pageUrl } from '@ums/kit/webAddress';
import { hashSetting } from './credentials/hashSetting.js';
import { topicArn } from './mail-feedback/topicArn.js';

const key = () => secret({ bytes: 32 });

/** @throws ConfigFault listing every faulty variable. */
export const readConfig = (env: Environment = process.env) =>
  parseEnv(
    {
      HOST: text('127.0.0.1'),
      PORT: port(8080),
      METRICS_PORT: port(9464),
      PUBLIC_URL: baseUrl('http://127.0.0.1:8080'),
      APP_NAME: appName(),
      APP_URL: optional(pageUrl()),
      CORS_ORIGINS: origins([]),
      TRUSTED_PROXIES: proxyList(),
      KEEP_ALIVE_SECONDS: keepAlive(),
      REQUIRE_TLS: requireTls(),
      ...objectLinkSettings(),
      /** After those of links, which do not always need a bucket. */
      ...objectStorageSettings(),
      ...openSearchSettings(),

      EVENTSTORE_URL: eventLogUrl(),
      VAULT_DATABASE_URL: databaseUrl(),
      /** Read for exports alone: the tables of the notary and the records of mails. */
      DATABASE_URL: databaseUrl(),
      ...masterKeySettings(),
      ADDRESS_KEY: key(),
      MAIL_TOKEN_KEY: key(),
      MAIL_TOKEN_KEY_PREVIOUS: optional(key()),

      PASSWORD_HASH: hashSetting(),
      PASSWORD_PEPPER: key(),
      PASSWORD_PEPPER_PREVIOUS: optional(key()),
      /** Two password hashes at a time take a thread each; file access and DNS look-ups need the others. */
      UV_THREADPOOL_SIZE: integer({ default: 4, min: 4, max: 1_024 }),

      ACCESS_TOKEN_ISSUER: text('user-management'),
      ACCESS_TOKEN_AUDIENCE: text('user-management'),
      ACCESS_TOKEN_SECONDS: integer({ default: 600, min: 10, max: 600 }),
      ...accessTokenKeySettings(),
      REFRESH_TOKEN_KEY: key(),
      REFRESH_TOKEN_KEY_PREVIOUS: optional(key()),
      /** A longer grace period would hide that a refresh token was copied. */
      REFRESH_GRACE_SECONDS: integer({ default: 30, min: 1, max: 60 }),

      /** Earlier streams get it, too, except where an operator has set metadata. */
      SIGN_IN_HISTORY_DAYS: integer({ default: 400, min: 1, max: 36_500 }),

      /** Without it, nothing is known of mails that come back. */
      SES_FEEDBACK_TOPIC_ARN: optional(topicArn()),

      LIMIT_REQUESTS_PER_SOURCE: limitSetting(300),
      LIMIT_CHANGES_PER_USER: limitSetting(200),
      LIMIT_PICTURES_PER_USER: limitSetting(10),
      LIMIT_EXPORTS_PER_USER: limitSetting(1),
      LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE: limitSetting(10),
      LIMIT_FAILURES_PER_ACCOUNT: limitSetting(100),
      LIMIT_FAILURES_PER_SOURCE: limitSetting(300),
      LIMIT_MAILS_PER_ADDRESS_AND_SOURCE: limitSetting(3),
      LIMIT_MAILS_PER_ADDRESS: limitSetting(12),
      LIMIT_MAILS_PER_SOURCE: limitSetting(60),
    },
    env,
  );

export type CommandApiConfig = ReturnType<typeof readConfig>;

/**
 * Configuration of the operator's command that appoints the first administrator.
 *
 * @throws ConfigFault listing every faulty variable.
 */
export const readAdminConfig = (env: Environment = process.env) =>
  parseEnv(
    {
      ...{ EVENTSTORE_URL: eventLogUrl(), VAULT_DATABASE_URL: databaseUrl() },
      ...masterKeySettings(),
      ADDRESS_KEY: key(),
    },
    env,
  );

export type AdminConfig = ReturnType<typeof readAdminConfig>;

/** Configuration of the command that wraps data keys again. @throws ConfigFault listing every faulty variable. */
export const readRewrapConfig = (env: Environment = process.env) =>
  parseEnv({ VAULT_DATABASE_URL: databaseUrl(), ...masterKeySettings() }, env);

export type RewrapConfig = ReturnType<typeof readRewrapConfig>;

/** Configuration of the command that replaces ADDRESS_KEY. @throws ConfigFault listing every faulty variable. */
export const readRewriteAddressesConfig = (env: Environment = process.env) =>
  parseEnv(
    {
      ...{ EVENTSTORE_URL: eventLogUrl(), VAULT_DATABASE_URL: databaseUrl(), ...masterKeySettings() },
      ...{ ADDRESS_KEY: key(), ADDRESS_KEY_PREVIOUS: key() },
    },
    env,
  );

export type RewriteAddressesConfig = ReturnType<typeof readRewriteAddressesConfig>;

/** Secrets that the vault is created with. Each is checked at the start against the check value stored in the vault. */
export const vaultSecrets = (config: AdminConfig) => ({
  MASTER_KEY: masterSecrets(config),
  ADDRESS_KEY: [config.ADDRESS_KEY],
});

/**
 * All secrets of the service, each followed by the ones it replaces. The access token key is identified by its thumbprint,
 * so the same key in a differently formatted PEM matches, and a replaced key may be given as a public key.
 */
export const serviceSecrets = (config: CommandApiConfig, { keys }: JwkSet) => ({
  ...vaultSecrets(config),
  MAIL_TOKEN_KEY: [config.MAIL_TOKEN_KEY, ...listOf(config.MAIL_TOKEN_KEY_PREVIOUS)],
  PASSWORD_PEPPER: [config.PASSWORD_PEPPER, ...listOf(config.PASSWORD_PEPPER_PREVIOUS)],
  REFRESH_TOKEN_KEY: [config.REFRESH_TOKEN_KEY, ...listOf(config.REFRESH_TOKEN_KEY_PREVIOUS)],
  ACCESS_TOKEN_KEY: keys.map(({ kid }) => kid),
});

/** A list of the value, empty if it is undefined. */
export const listOf = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
