import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { claimFolder } from '../dataFolder/claimFolder.js';
import { makePath } from '../dataFolder/makePath.js';
import { codeOf, EngineFailed } from '../engineFailed.js';
import { postgresBinaries } from './binaries.js';
import { openCluster } from './cluster.js';
import { stopOrphan } from './orphan.js';
import { launch, type Server } from './server.js';
import { SETTINGS, WITHOUT_FSYNC } from './settings.js';
import { unprivileged } from './unprivileged.js';

export interface PostgresOptions {
  /** The data folder; made when missing. Its password and claim lie beside it, so its parent must be writable. */
  dataDir: string;
  /** 0 or absent: a free one. */
  port?: number;
  /** False for tests only: a crash of the machine then loses or damages the data. */
  fsync?: boolean;
  /** Settings of postgresql.conf over ours. */
  settings?: Readonly<Record<string, string>>;
  /** Called when the server ends without having been closed. */
  onFatal?: (error: EngineFailed) => void;
  /** The server goes on when this process ends (a cluster that several test processes share). */
  outlive?: boolean;
}

export interface PostgresEngine {
  port: number;
  pid: number;
  /** Connection URL; without a role the superuser's. */
  url(database: string, role?: string, password?: string): string;
  /** Fast shutdown: sessions are cut, everything committed is on disk when it resolves. */
  close(): Promise<void>;
}

/**
 * Starts a real Postgres on 127.0.0.1, with a superuser `postgres` by scram-sha-256 and databases in UTF-8, and resolves once
 * it takes connections. A server that a killed predecessor left on the folder is stopped first.
 * @throws EngineFailed with one printable sentence; no server is left then and nothing is destroyed.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresEngine> {
  const binaries = postgresBinaries();
  const dataDir = await absolute(options.dataDir);
  const claim = await claimFolder(dataDir);
  let server: Server | undefined;
  try {
    const runner = await unprivileged(binaries.postgres, dirname(dataDir));
    const password = await openCluster(dataDir, binaries, runner, options.fsync ?? true);
    await stopOrphan(dataDir);
    const settings = { ...SETTINGS, ...(options.fsync === false ? WITHOUT_FSYNC : {}), ...options.settings };
    const started = await launch({ postgres: binaries.postgres, runner, dataDir, port: options.port ?? 0, settings });
    server = started;
    const url: PostgresEngine['url'] = (database, role = 'postgres', secret = password) =>
      `postgresql://${encodeURIComponent(role)}:${encodeURIComponent(secret)}@127.0.0.1:${started.port}/${encodeURIComponent(database)}`;
    await logIn(url('postgres'), dataDir);
    if (options.outlive) started.outlive();
    started.onUnexpectedEnd((end) => options.onFatal?.(new EngineFailed(`Postgres ended unexpectedly (${end}).`)));
    const close = async () => {
      await started.stop();
      await claim.release();
    };
    return { port: started.port, pid: started.pid, url, close };
  } catch (error) {
    await server?.stop();
    await claim.release();
    throw error;
  }
}

const absolute = async (folder: string): Promise<string> => {
  const parent = dirname(resolve(folder));
  try {
    await makePath(parent);
    return join(await realpath(parent), basename(resolve(folder)));
  } catch (error) {
    throw new EngineFailed(`The folder ${parent} cannot be made (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
};

const logIn = async (url: string, dataDir: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    const code = codeOf(error) ?? 'no answer';
    throw new EngineFailed(`Postgres started, but ${whyClosed(code, dataDir)} (${code}).`, { cause: error });
  } finally {
    await client.end();
  }
};

const whyClosed = (code: string, dataDir: string): string => {
  if (/^28/.test(code)) return `the password beside ${dataDir} does not open it`;
  return /^(3D000|XX00[12]|58)/.test(code) ? `${dataDir} is damaged` : 'it does not let us in';
};
