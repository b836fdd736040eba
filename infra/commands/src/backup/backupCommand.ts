import { resolve } from 'node:path';
import { backUp } from '@ums/embedded/backup/backUp';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import type { Environment } from '@ums/kit/env';
import { StartRefused } from '@ums/kit/startRefused';

const USAGE = 'Usage: npm run -s backup -- <new folder>';

/**
 * `npm run -s backup`: copies everything that the service running on the data folder keeps, into a new folder.
 *
 * @returns the sentence to print. @throws StartRefused with one sentence, or the usage.
 */
export const backupCommand = async (args: readonly string[], env: Environment): Promise<string> => {
  const [path, ...others] = args;
  if (path === undefined || path.startsWith('-') || others.length > 0) throw new StartRefused(USAGE);
  ignoreShellSettings();
  const dataDir = resolve(readDataDir({ ...env }));
  await backUp(dataDir, path, await readEngines(dataDir));
  return `The backup is complete: ${resolve(path)}. It holds the secrets, so whoever reads it can read everything.`;
};
