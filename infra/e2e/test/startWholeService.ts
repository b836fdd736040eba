import { join } from 'node:path';
import { type Engines, readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import type { DataSources } from '../src/oracle/findDifferences.js';
import { type SpawnedProgram, spawnProgram } from './spawnProgram.js';
import { untilPrinted } from './untilPrinted.js';

/** The whole service in a process of its own, as `npm start` runs it. */
export interface WholeService extends Engines {
  dataDir: string;
  process: SpawnedProgram;
  sources: DataSources;
}

/** Cheap hashes, and limits per source that no test reaches. */
const SETTINGS = {
  PASSWORD_HASH: 'bcrypt:4',
  ...{ LIMIT_REQUESTS_PER_SOURCE: '100000', LIMIT_CHANGES_PER_USER: '100000', LIMIT_READS_PER_AUDITOR: '100000' },
  ...{ LIMIT_FAILURES_PER_SOURCE: '100000', LIMIT_MAILS_PER_SOURCE: '100000' },
  // A registration whose answer was lost is repeated.
  LIMIT_MAILS_PER_ADDRESS_AND_SOURCE: '12',
};

/**
 * Starts the service on a data folder and waits until it is ready.
 * @param settings besides those that every test has
 * @throws Error with its error output when it ends before it is ready
 */
export const startWholeService = async (
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<WholeService> => {
  const ports = { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0' };
  const process = spawnProgram('infra/embedded/dist/main.js', {
    ...SETTINGS,
    ...settings,
    ...ports,
    DATA_DIR: dataDir,
  });
  await untilPrinted(process, /^Ready\.$/m);
  const engines = await readEngines(dataDir);
  const secrets = (await readSecrets(join(dataDir, 'secrets.json'))).environment;
  const { eventLog, vault, users } = engines;
  return { ...engines, dataDir, process, sources: { eventLog, vault, users, secrets } };
};
