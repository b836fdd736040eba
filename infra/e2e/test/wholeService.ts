import { join } from 'node:path';
import { type Engines, readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { until } from '../../kit/test/until.js';
import type { Oracle } from '../src/oracle/askOracle.js';
import { type Spawned, spawned } from './spawned.js';

/** The whole service as `npm start` runs it, in a process of its own. */
export interface WholeService extends Engines {
  dataDir: string;
  process: Spawned;
  oracle: Oracle;
}

const CHEAP = { PASSWORD_HASH: 'bcrypt:4', LIMIT_FAILURES_PER_SOURCE: '100000', LIMIT_MAILS_PER_SOURCE: '100000' };

/**
 * Starts it on a data folder and waits until it is ready; hashing cheap, limits per source wide.
 * @throws Error with what it wrote, when it ends before.
 */
export const wholeService = async (dataDir: string): Promise<WholeService> => {
  const ports = { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0' };
  const process = spawned('infra/embedded/dist/main.js', { ...CHEAP, ...ports, DATA_DIR: dataDir });
  let over = false;
  void process.ended.then(() => {
    over = true;
  });
  try {
    await until(() => over || /^Ready\.$/m.test(process.output().out));
  } catch (error) {
    await process.end('SIGTERM');
    throw error;
  }
  if (over) throw new Error(`the service did not start: ${process.output().err}`);
  const engines = await readEngines(dataDir);
  const secrets = (await readSecrets(join(dataDir, 'secrets.json'))).environment;
  const { eventLog, vault, users } = engines;
  return { ...engines, dataDir, process, oracle: { eventLog, vault, users, secrets } };
};
