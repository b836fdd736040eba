import type { Environment } from '@ums/kit/env';
import type { RunningEngines } from './startEngines.js';

/** What the services are configured by beside the engines. */
export interface Surroundings {
  /** The caller's environment: limits, issuer and the like pass through; what is given below overrides it. */
  env: Environment;
  publicUrl: string;
  /** Where the public keys of access tokens are: URL or file. */
  jwks: string;
}

/** Of the engines, what a service is told. */
export interface EngineAddresses extends Pick<RunningEngines, 'inbox' | 'eventLog' | 'vaultFor' | 'usersFor'> {
  secrets: Pick<RunningEngines['secrets'], 'environment'>;
}

export type Service = 'command-api' | 'projector' | 'notifier' | 'query-api';

/**
 * The environment of each service on these engines: its own database roles, and of the secrets only those it holds. The
 * services read it themselves, so that one process and four are configured alike.
 */
export const environments = (
  engines: EngineAddresses,
  { env, publicUrl, jwks }: Surroundings,
): Readonly<Record<Service, Environment>> => {
  const { MASTER_KEY, ADDRESS_KEY, MAIL_TOKEN_KEY, ...others } = engines.secrets.environment;
  const shared = { ...withoutSecrets(env), PUBLIC_URL: publicUrl, EVENTSTORE_URL: engines.eventLog };
  return {
    'command-api': {
      ...shared,
      ...{ MASTER_KEY, ADDRESS_KEY, MAIL_TOKEN_KEY, ...others },
      VAULT_DATABASE_URL: engines.vaultFor('command'),
    },
    projector: {
      ...shared,
      MASTER_KEY,
      DATABASE_URL: engines.usersFor('projector'),
      VAULT_DATABASE_URL: engines.vaultFor('projector'),
    },
    notifier: {
      ...shared,
      ...{ MASTER_KEY, ADDRESS_KEY, MAIL_TOKEN_KEY },
      DATABASE_URL: engines.usersFor('notifier'),
      VAULT_DATABASE_URL: engines.vaultFor('notifier'),
      SES_ENDPOINT: engines.inbox,
      MAIL_FROM: env.MAIL_FROM?.trim() || 'User service <no-reply@localhost.localdomain>',
    },
    'query-api': {
      ...shared,
      DATABASE_URL: engines.usersFor('query'),
      VAULT_DATABASE_URL: engines.vaultFor('query'),
      ACCESS_TOKEN_JWKS: jwks,
    },
  };
};

const SECRET =
  /^(MASTER_KEY|ADDRESS_KEY|MAIL_TOKEN_KEY|PASSWORD_PEPPER|REFRESH_TOKEN_KEY|ACCESS_TOKEN_KEY|ACCESS_TOKEN_JWKS)(_PREVIOUS)?(_FILE)?$/;

/** The data folder's own secrets are the only ones that fit its data. */
const withoutSecrets = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET.test(name)));
