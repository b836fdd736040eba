import { resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { type Engines, readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { forget } from '@ums/embedded/forget/forget';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import { type Environment, parseEnv } from '@ums/kit/env';
import { createLog } from '@ums/kit/log';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';
import { downReason } from '@ums/kit/postgres/errors';
import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import { requireTls } from '@ums/kit/transport/requireTls';

type Databases = Pick<Engines, 'postgres' | 'vault' | 'users'>;

/**
 * `npm run -s forget`: removes deleted rows from the disk, and notes it in the receipts of erasures. It works on the Postgres of
 * `POSTGRES_URL`, without it on the one of the service that runs on the data folder.
 * @returns the sentence to print.
 * @throws StartRefused with one sentence; ConfigFault; EngineFailed when no service runs on the data folder, or when a transaction
 * can still see deleted rows.
 */
export const forgetCommand = async (env: Environment): Promise<string> => {
  const databases = await databasesOf(env);
  try {
    await forget(databases, createLog({ service: 'forget', level: 'silent' }));
  } catch (error) {
    if (isOperatorError(error)) throw error;
    // The message of the database may quote data.
    throw new StartRefused(`Deleted rows cannot be removed (${downReason(error)}).`, { cause: error });
  }
  return 'Deleted rows have been removed from the disk.';
};

const databasesOf = async (env: Environment): Promise<Databases> => {
  if (!env.POSTGRES_URL?.trim()) {
    ignoreShellSettings();
    return readEngines(resolve(readDataDir({ ...env })));
  }
  const { POSTGRES_URL } = parseEnv({ REQUIRE_TLS: requireTls(), POSTGRES_URL: databaseUrl() }, env);
  const urlOf = (database: string) => Object.assign(new URL(POSTGRES_URL), { pathname: `/${database}` }).href;
  return { postgres: urlOf('postgres'), vault: urlOf('vault'), users: urlOf('users') };
};
