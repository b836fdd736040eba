import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import pg from 'pg';
import { claimFolder } from '../dataFolder/claimFolder.js';
import { ensureFolder } from '../dataFolder/ensureFolder.js';
import { EngineFailed } from '../engineFailed.js';
import { launchServer, type Server } from './launchServer.js';
import { openCluster } from './openCluster.js';
import { postgresBinaries } from './postgresBinaries.js';
import { SERVER_SETTINGS, WITHOUT_FSYNC } from './serverSettings.js';
import { stopOrphan } from './stopOrphan.js';
import { unprivilegedRunner } from './unprivilegedRunner.js';

export interface PostgresOptions {
  /** The data folder; created when missing. Its password file and claim are stored next to it, so its parent must be writable. */
  dataDir: string;
  /** 0 lets the system choose. @default 0 */
  port?: number;
  /** False is for tests only: a crash of the machine can then damage the data. @default true */
  fsync?: boolean;
  /** Settings of postgresql.conf that override the built-in ones. */
  settings?: Readonly<Record<string, string>>;
  /** Called when the server ends without `close`. */
  onFatal?: (error: EngineFailed) => void;
}

export interface PostgresEngine {
  port: number;
  pid: number;
  /** Connection URL, by default as the superuser. */
  url(database: string, role?: string, password?: string): string;
  /**
   * As `url`, through the server's Unix socket, with which a statement costs less CPU than through loopback TCP. Through TCP
   * if the path of the socket would be too long.
   */
  localUrl(database: string, role: string, password: string): string;
  /** Fast shutdown: ends all sessions; every commit is on disk when the promise resolves. */
  close(): Promise<void>;
}

/**
 * Starts Postgres on 127.0.0.1 with a superuser `postgres`, scram-sha-256 authentication and UTF-8 databases. Resolves
 * once it accepts connections. A server that a killed process left running on the folder is stopped first.
 * @throws EngineFailed with one sentence; no server is left running then and no data is lost.
 */
export const startPostgres = async (options: PostgresOptions): Promise<PostgresEngine> => {
  const binaries = postgresBinaries();
  const dataDir = await absolutePath(options.dataDir);
  const claim = await claimFolder(dataDir);
  let server: Server | undefined;
  try {
    const runner = await unprivilegedRunner(binaries.postgres, dirname(dataDir));
    const password = await openCluster(dataDir, binaries, runner, options.fsync ?? true);
    await stopOrphan(dataDir);
    const socketFolder = socketFolderIn(dataDir);
    const settings = {
      ...SERVER_SETTINGS,
      unix_socket_directories: socketFolder === undefined ? '' : quoted(socketFolder),
      ...(options.fsync === false ? WITHOUT_FSYNC : {}),
      ...options.settings,
    };
    const started = await launchServer({
      postgres: binaries.postgres,
      runner,
      dataDir,
      port: options.port ?? 0,
      settings,
    });
    server = started;
    const url: PostgresEngine['url'] = (database, role = 'postgres', secret = password) =>
      `postgresql://${encodeURIComponent(role)}:${encodeURIComponent(secret)}@127.0.0.1:${started.port}/${encodeURIComponent(database)}`;
    const localUrl: PostgresEngine['localUrl'] = (...of) =>
      socketFolder === undefined ? url(...of) : `${url(...of)}?host=${encodeURIComponent(socketFolder)}`;
    await checkConnection(url('postgres'), dataDir);
    started.onUnexpectedEnd((end) => options.onFatal?.(new EngineFailed(`Postgres ended unexpectedly (${end}).`)));
    const close = async () => {
      await started.stop();
      await claim.release();
    };
    return { port: started.port, pid: started.pid, url, localUrl, close };
  } catch (error) {
    await server?.stop();
    await claim.release();
    throw error;
  }
};

/** `sun_path` of a socket address holds 108 bytes on Linux and 104 on macOS, the final NUL included (unix(7)). */
const MAX_SOCKET_PATH_BYTES = 103;

/** As one entry of a list of Postgres, in which commas separate entries. */
const quoted = (path: string): string => `"${path.replaceAll('"', '""')}"`;

/** The data folder, which only the server's user can enter; `undefined` if the path of the socket would be too long. */
const socketFolderIn = (dataDir: string): string | undefined =>
  Buffer.byteLength(join(dataDir, '.s.PGSQL.65535.lock')) > MAX_SOCKET_PATH_BYTES ? undefined : dataDir;

const absolutePath = async (folder: string): Promise<string> => {
  const parent = dirname(resolve(folder));
  try {
    await ensureFolder(parent);
    return join(await realpath(parent), basename(resolve(folder)));
  } catch (error) {
    throw new EngineFailed(`The folder ${parent} cannot be created (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
};

const checkConnection = async (url: string, dataDir: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that ends at once breaks the connection, also while it is closed.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const code = codeOf(error) ?? 'no answer';
    throw new EngineFailed(`Postgres started, but ${connectionFault(code, dataDir)} (${code}).`, { cause: error });
  } finally {
    await client.end();
  }
};

const connectionFault = (code: string, dataDir: string): string => {
  if (/^28/.test(code)) return `the password stored next to ${dataDir} is wrong`;
  return /^(3D000|XX00[12]|58)/.test(code) ? `${dataDir} is damaged` : 'it refuses the connection';
};
