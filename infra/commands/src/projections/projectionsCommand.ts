import { join, resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import type { Environment } from '@ums/kit/env';
import { createLog } from '@ums/kit/log';
import { readProjectionsConfig } from '@ums/projector/config';
import { operateProjections } from '@ums/projector/operateProjections';
import type { ProgressDisplay } from './progressDisplay.js';
import { readProjectionsOrder } from './readProjectionsOrder.js';

/**
 * `npm run -s projections`: lists projections, rebuilds and switches their tables, and folds parked keys again.
 * @returns the text to print.
 * @throws StartRefused with one sentence, or the usage.
 */
export const projectionsCommand = async (
  args: readonly string[],
  env: Environment,
  display: ProgressDisplay,
): Promise<string> => {
  const order = readProjectionsOrder(args);
  const config = readProjectionsConfig(await projectionsEnvironment(env, readDataDir({ ...env })));
  const log = createLog({ service: 'projections', level: 'silent' });
  try {
    return await operateProjections(order, config, { log, onProgress: display.show });
  } finally {
    display.end();
  }
};

const URLS = ['EVENTSTORE_URL', 'DATABASE_URL', 'VAULT_DATABASE_URL'] as const;

/**
 * The configuration of the command: the caller's environment if it sets one of the URLs, otherwise the URLs and the master key
 * of the service that is running on the data folder.
 * @throws EngineFailed when no service is running there.
 */
export const projectionsEnvironment = async (env: Environment, dataDir: string): Promise<Environment> => {
  if (URLS.some((name) => env[name])) return env;
  ignoreShellSettings();
  const folder = resolve(dataDir);
  const { eventLog, users, vault } = await readEngines(folder);
  const { MASTER_KEY, MASTER_KEY_PREVIOUS } = (await readSecrets(join(folder, 'secrets.json'))).environment;
  return {
    ...{ EVENTSTORE_URL: eventLog, DATABASE_URL: users, VAULT_DATABASE_URL: vault },
    ...{ MASTER_KEY, MASTER_KEY_PREVIOUS },
  };
};
