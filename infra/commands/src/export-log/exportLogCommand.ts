import { resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import type { Environment } from '@ums/kit/env';
import { createLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';
import { readExportConfig } from '@ums/notary/config';
import { exportLog } from '@ums/notary/exportLog';

const USAGE = 'Usage: npm run -s export-log -- <new file>';
const URLS = ['EVENTSTORE_URL', 'DATABASE_URL'] as const;

/**
 * `npm run -s export-log`: writes all events that the last checkpoint of the notary covers into a file for `npm run verify`.
 * Takes the URLs of the environment, or those of the service that runs on the data folder.
 *
 * @returns the sentence to print. @throws StartRefused with one sentence, or the usage.
 */
export const exportLogCommand = async (args: readonly string[], env: Environment): Promise<string> => {
  const [path, ...others] = args;
  if (path === undefined || path.startsWith('-') || others.length > 0) throw new StartRefused(USAGE);
  const config = readExportConfig(await environmentOf(env));
  return exportLog(resolve(path), config, createLog({ service: 'export-log', level: 'silent' }));
};

const environmentOf = async (env: Environment): Promise<Environment> => {
  if (URLS.some((name) => env[name])) return env;
  ignoreShellSettings();
  const { eventLog, postgres } = await readEngines(resolve(readDataDir({ ...env })));
  return { EVENTSTORE_URL: eventLog, DATABASE_URL: Object.assign(new URL(postgres), { pathname: '/users' }).href };
};
