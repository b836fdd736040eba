import { join, resolve } from 'node:path';
import type { Environment } from '@ums/kit/env';
import { readEngines } from '../dataFolder/enginesFile.js';
import { readSecrets } from '../dataFolder/secrets.js';

const URLS = ['EVENTSTORE_URL', 'VAULT_DATABASE_URL'] as const;

/**
 * What the administrator's command is configured by: the URLs and secrets of the environment where it names one, else the
 * service that runs on the data folder.
 * @throws EngineFailed when nothing runs there.
 */
export async function adminEnvironment(env: Environment, dataDir: string): Promise<Environment> {
  if (URLS.some((name) => env[name])) return env;
  const folder = resolve(dataDir);
  const { eventLog, vault } = await readEngines(folder);
  const { MASTER_KEY, ADDRESS_KEY } = (await readSecrets(join(folder, 'secrets.json'))).environment;
  return { EVENTSTORE_URL: eventLog, VAULT_DATABASE_URL: vault, MASTER_KEY, ADDRESS_KEY };
}
