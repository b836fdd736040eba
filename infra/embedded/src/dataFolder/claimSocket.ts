import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';

/** A Unix socket whose process runs for as long as it answers, in whichever pid namespace. */
export interface ClaimSocket {
  close(): Promise<void>;
}

const MAX_PATH_BYTES = 107;

/**
 * Runs `use` with a path of the same file that is short enough for a Unix socket: through the opened folder.
 *
 * @throws ENAMETOOLONG. The library of Node 20 would cut the name instead.
 */
const withShortPath = async <T>(path: string, use: (shortPath: string) => Promise<T>): Promise<T> => {
  const folder = await open(dirname(path), 'r');
  try {
    const shortPath = join(`/proc/self/fd/${folder.fd}`, basename(path));
    if (Buffer.byteLength(shortPath) > MAX_PATH_BYTES)
      throw Object.assign(new Error('the name of a socket is too long'), { code: 'ENAMETOOLONG' });
    return await use(shortPath);
  } finally {
    await folder.close();
  }
};

/**
 * Listens on a Unix socket at this path until it is closed or the process ends. Does not keep the process running.
 *
 * @throws an error of the system, such as EACCES.
 */
export const openClaimSocket = async (path: string): Promise<ClaimSocket> => {
  const server = createServer((connection) => connection.on('error', () => undefined).destroy()).unref();
  await withShortPath(path, async (shortPath) => {
    server.listen(shortPath);
    await once(server, 'listening');
  });
  return {
    close: async () => {
      server.close();
      await rm(path, { force: true });
    },
  };
};

/** The process has ended, or released its claim in this moment. */
const NOT_LISTENING = ['ECONNREFUSED', 'ENOENT'];

/** Whether a process listens on the socket. @throws an error of the system that does not tell */
export const isAnswered = (path: string): Promise<boolean> =>
  withShortPath(path, async (shortPath) => {
    const connection = connect(shortPath);
    try {
      await once(connection, 'connect');
      return true;
    } catch (error) {
      if (NOT_LISTENING.includes(codeOf(error) ?? '')) return false;
      throw error;
    } finally {
      connection.destroy();
    }
  });
