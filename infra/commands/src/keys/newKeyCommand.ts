import { resolve } from 'node:path';
import { secretsFileOf } from '@ums/embedded/dataFolder/enginesFile';
import { openDataFolder } from '@ums/embedded/dataFolder/openDataFolder';
import { requireDataFolder } from '@ums/embedded/dataFolder/requireDataFolder';
import { type ReplaceableKey, renewSecret } from '@ums/embedded/dataFolder/secrets';
import type { Environment } from '@ums/kit/env';
import { StartRefused } from '@ums/kit/startRefused';
import { usesEnvironment } from './usesEnvironment.js';

const NEXT: Readonly<Record<ReplaceableKey, string>> = {
  MASTER_KEY: 'Start the service, then run: npm run -s keys -- rewrap',
  ADDRESS_KEY: 'Before the service can start again, run: npm run -s keys -- rewrite-addresses',
};

/**
 * `npm run -s keys -- new <name>`: makes a new key the current one of a data folder that no service is running on.
 *
 * @returns what to do next.
 * @throws StartRefused with one sentence.
 */
export const newKeyCommand = async (name: ReplaceableKey, env: Environment, dataDir: string): Promise<string> => {
  if (usesEnvironment(env))
    throw new StartRefused(
      'Only the keys of a data folder can be made here; set the new key where you set the others.',
    );
  await requireDataFolder(dataDir);
  const folder = await openDataFolder(resolve(dataDir));
  try {
    await renewSecret(secretsFileOf(folder.path), name);
  } finally {
    await folder.release();
  }
  return `The data folder has a new ${name}. ${NEXT[name]}`;
};
