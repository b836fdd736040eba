import { resolve } from 'node:path';
import { readRewrapConfig } from '@ums/command-api/config';
import { rewrap } from '@ums/command-api/rewrap';
import { readEngines, secretsFileOf } from '@ums/embedded/dataFolder/enginesFile';
import { dropPreviousSecret, readSecrets } from '@ums/embedded/dataFolder/secrets';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import type { Environment } from '@ums/kit/env';
import { createLog } from '@ums/kit/log';
import type { ProgressDisplay } from '../progress/progressOn.js';
import { usesEnvironment } from './usesEnvironment.js';

/**
 * `npm run -s keys -- rewrap`: finishes the replacement of MASTER_KEY, while the services run.
 *
 * @returns the sentence to print.
 * @throws StartRefused with one sentence.
 */
export const rewrapCommand = async (env: Environment, dataDir: string, display: ProgressDisplay): Promise<string> => {
  const folder = usesEnvironment(env) ? undefined : resolve(dataDir);
  const config = readRewrapConfig(folder === undefined ? env : await rewrapEnvironment(folder));
  const done = await rewrap(config, {
    log: createLog({ service: 'keys', level: 'silent' }),
    onProgress: ({ done, total }) =>
      display.show({ phase: 'rewrap', share: total === 0 ? 1 : done / total, text: `${done} of ${total} data keys` }),
  });
  if (done === 0 && config.MASTER_KEY_PREVIOUS === undefined)
    return 'All data keys are under MASTER_KEY, and no other key was given: nothing was changed. A replacement begins with npm run -s keys -- new MASTER_KEY';
  if (folder !== undefined) await dropPreviousSecret(secretsFileOf(folder), 'MASTER_KEY');
  const isNew = done === 0 ? 'If MASTER_KEY is the new key, MASTER_KEY_PREVIOUS' : 'MASTER_KEY_PREVIOUS';
  return `No data key is under another key than MASTER_KEY (${done} were). ${isNew} is needed no more, except for older backups.`;
};

/** @throws EngineFailed when no service is running on the data folder. */
const rewrapEnvironment = async (folder: string): Promise<Environment> => {
  ignoreShellSettings();
  const { vault } = await readEngines(folder);
  const { MASTER_KEY, MASTER_KEY_PREVIOUS } = (await readSecrets(secretsFileOf(folder))).environment;
  return { VAULT_DATABASE_URL: vault, MASTER_KEY, MASTER_KEY_PREVIOUS };
};
