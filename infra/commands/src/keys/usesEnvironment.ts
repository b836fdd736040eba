import type { Environment } from '@ums/kit/env';

/** Whether the caller's environment names the engines, so that no data folder is used. */
export const usesEnvironment = (env: Environment): boolean =>
  ['EVENTSTORE_URL', 'VAULT_DATABASE_URL'].some((name) => env[name]);
