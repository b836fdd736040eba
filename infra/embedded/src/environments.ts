import { join } from 'node:path';
import type { Environment } from '@ums/kit/env';
import type { BucketAccess } from './s3/startS3.js';
import { inboxSender } from './ses/inboxSender.js';
import type { RunningEngines } from './startEngines.js';

/** Configuration of the services apart from the engines. */
export interface EnvironmentOptions {
  /** The caller's environment. Other settings (limits, issuer …) pass through; its secrets are dropped. */
  env: Environment;
  publicUrl: string;
  /** URL or path of the public keys of access tokens. */
  jwks: string;
}

/** The part of the engines that the services use. */
export interface EngineAddresses
  extends Pick<RunningEngines, 'dataDir' | 'inbox' | 'objectStorage' | 'eventLog' | 'vaultFor' | 'usersFor'> {
  secrets: Pick<RunningEngines['secrets'], 'environment'>;
  realEngines?: { kafka: { brokers: string }; openSearch: { url: string } } | undefined;
}

export type Service = 'command-api' | 'projector' | 'notifier' | 'notary' | 'query-api';

/**
 * The environment of each service on these engines, with its own database roles and only the secrets it needs. Services
 * in one process and in five processes read the same configuration.
 */
export const environments = (
  engines: EngineAddresses,
  { env, publicUrl, jwks }: EnvironmentOptions,
): Readonly<Record<Service, Environment>> => {
  const { ADDRESS_KEY, ADDRESS_KEY_PREVIOUS: _, MAIL_TOKEN_KEY, ...secrets } = engines.secrets.environment;
  const { NOTARY_KEY, NOTARY_KEY_PREVIOUS, ...withoutNotary } = secrets;
  const { MASTER_KEY, MASTER_KEY_PREVIOUS, ...others } = withoutNotary;
  const masterKeys = { MASTER_KEY, ...(MASTER_KEY_PREVIOUS && { MASTER_KEY_PREVIOUS }) };
  const { kafka, openSearch } = engines.realEngines ?? {};
  const shared = {
    ...withoutSecrets(env),
    PUBLIC_URL: publicUrl,
    EVENTSTORE_URL: engines.eventLog,
    ...(kafka && { KAFKA_BROKERS: kafka.brokers }),
    ...(openSearch && { OPENSEARCH_URL: openSearch.url }),
  };
  const objectStorage = objectStorageVariables(engines.objectStorage);
  return {
    'command-api': {
      ...shared,
      ...objectStorage,
      ...{ ...masterKeys, ADDRESS_KEY, MAIL_TOKEN_KEY, ...others },
      DATABASE_URL: engines.usersFor('command'),
      VAULT_DATABASE_URL: engines.vaultFor('command'),
    },
    projector: {
      ...shared,
      ...masterKeys,
      DATABASE_URL: engines.usersFor('projector'),
      VAULT_DATABASE_URL: engines.vaultFor('projector'),
    },
    notifier: {
      ...shared,
      ...objectStorage,
      ...{ ...masterKeys, ADDRESS_KEY, MAIL_TOKEN_KEY },
      DATABASE_URL: engines.usersFor('notifier'),
      VAULT_DATABASE_URL: engines.vaultFor('notifier'),
      SES_ENDPOINT: engines.inbox,
      // The inbox has no quota.
      SES_SENDS_PER_SECOND: env.SES_SENDS_PER_SECOND?.trim() || '1000',
      MAIL_FROM: env.MAIL_FROM?.trim() || inboxSender(env.APP_NAME),
    },
    notary: {
      ...shared,
      NOTARY_KEY,
      ...(NOTARY_KEY_PREVIOUS && { NOTARY_KEY_PREVIOUS }),
      DATABASE_URL: engines.usersFor('notary'),
      VAULT_DATABASE_URL: engines.vaultFor('notary'),
      CHECKPOINT_DIR: env.CHECKPOINT_DIR?.trim() || join(engines.dataDir, 'checkpoints'),
    },
    'query-api': {
      ...shared,
      ...objectStorage,
      ...masterKeys,
      DATABASE_URL: engines.usersFor('query'),
      VAULT_DATABASE_URL: engines.vaultFor('query'),
      ACCESS_TOKEN_JWKS: jwks,
    },
  };
};

const objectStorageVariables = ({ endpoint, region, bucket, credentials }: BucketAccess) => ({
  S3_ENDPOINT: endpoint,
  S3_PUBLIC_ENDPOINT: endpoint,
  S3_REGION: region,
  S3_BUCKET: bucket,
  S3_ACCESS_KEY_ID: credentials.accessKeyId,
  S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});

const SECRET =
  /^(MASTER_KEY|ADDRESS_KEY|MAIL_TOKEN_KEY|PASSWORD_PEPPER|REFRESH_TOKEN_KEY|ACCESS_TOKEN_KEY|ACCESS_TOKEN_JWKS|NOTARY_KEY)(_PREVIOUS)?(_FILE)?$/;

/**
 * Only the secrets of the data folder match its data. The embedded SES and S3 take no settings of others, no CDN shows their
 * objects, and a bucket of theirs would be no place for checkpoints: the writers own it.
 */
const withoutSecrets = (env: Environment): Environment =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !SECRET.test(name) && !/^(AWS_|S3_|PICTURES_URL$|CHECKPOINT_BUCKET$)/.test(name),
    ),
  );
