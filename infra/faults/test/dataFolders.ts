import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '@ums/embedded/config';
import { start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { FREE_PORTS } from './startService.js';

/** Creates a data folder by a start and a stop of the service on it. @returns `dataDir` */
export const createDataFolder = async (dataDir: string): Promise<string> => {
  const service = await start({
    config: readConfig({ ...FREE_PORTS, DATA_DIR: dataDir }),
    env: { PASSWORD_HASH: 'bcrypt:4' },
    logFor: () => silentLog,
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
  await service.close();
  return dataDir;
};

export const copyDataFolder = (from: string, to: string) => cp(from, to, { recursive: true, verbatimSymlinks: true });

/** Copies all but the bulk of the cluster: enough for a start that is refused before Postgres starts, and faster. */
export const copyWithoutTables = (from: string, to: string) =>
  cp(from, to, { recursive: true, filter: (path) => !/postgres\/(base|pg_wal)$/.test(path) });

export const changeSecrets = async (
  dataDir: string,
  change: (secrets: Record<string, string>) => Record<string, string>,
) => {
  const file = join(dataDir, 'secrets.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
};
