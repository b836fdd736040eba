import { join, resolve } from 'node:path';
import { readAdminConfig } from '@ums/command-api/config';
import { firstAdministrator } from '@ums/command-api/firstAdministrator';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import type { Environment } from '@ums/kit/env';
import { createLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';

/**
 * `npm run -s admin -- <email>`: makes the user the first administrator.
 * @returns the sentence to print.
 * @throws StartRefused with one sentence.
 */
export const appoint = async (args: readonly string[], env: Environment): Promise<string> => {
  const [email, ...others] = args;
  if (email === undefined || email.startsWith('-') || others.length > 0)
    throw new StartRefused('Usage: npm run -s admin -- <email>');
  const config = readAdminConfig(await adminEnvironment(env, readDataDir({ ...env })));
  await firstAdministrator(config, { email, log: createLog({ service: 'admin', level: 'silent' }) });
  return 'The user is now an administrator; the role takes effect at the next login.';
};

const URLS = ['EVENTSTORE_URL', 'VAULT_DATABASE_URL'] as const;

/**
 * The configuration of the command: the caller's environment if it sets one of the URLs, otherwise the URLs and secrets
 * of the service that is running on the data folder.
 * @throws EngineFailed when no service is running there.
 */
export const adminEnvironment = async (env: Environment, dataDir: string): Promise<Environment> => {
  if (URLS.some((name) => env[name])) return env;
  ignoreShellSettings();
  const folder = resolve(dataDir);
  const { eventLog, vault } = await readEngines(folder);
  const { environment } = await readSecrets(join(folder, 'secrets.json'));
  const { MASTER_KEY, MASTER_KEY_PREVIOUS, ADDRESS_KEY } = environment;
  return {
    ...{ EVENTSTORE_URL: eventLog, VAULT_DATABASE_URL: vault },
    ...{ MASTER_KEY, MASTER_KEY_PREVIOUS, ADDRESS_KEY },
  };
};
