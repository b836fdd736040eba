import { createServer } from 'node:net';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from './engineFailed.js';

/**
 * Checks that this process can listen on a TCP port. Another program may still take the port afterwards.
 * @param port 0: the system chooses.
 * @returns the port.
 * @throws EngineFailed when the port is taken or not permitted.
 */
export const freePort = async (port: number, host = '127.0.0.1'): Promise<number> => {
  const server = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, exclusive: true }, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  } catch (error) {
    throw portFailed(error, port, host);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
};

const portFailed = (error: unknown, port: number, host: string): EngineFailed =>
  codeOf(error) === 'EADDRINUSE'
    ? new EngineFailed(`Port ${port} of ${host} is taken by another program.`, { cause: error })
    : new EngineFailed(`Port ${port} of ${host} cannot be used (${codeOf(error) ?? 'unknown error'}).`, {
        cause: error,
      });
