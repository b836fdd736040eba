import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';
import { freePort } from '../../embedded/src/freePort.js';
import { findProgram } from '../../engines/src/install/findProgram.js';
import { announceOnce } from '../../engines/test/announceOnce.js';
import { atEndOfFile, temporaryFolder } from '../../engines/test/atEndOfFile.js';
import { until } from '../../kit/test/until.js';

/** Debian has it where only root looks. */
const NGINX = findProgram('nginx', [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']);

/**
 * `describe` for tests that run a configuration on nginx. Where nginx is not installed they are skipped, and the run says so; with
 * REQUIRE_ENGINES=1 they fail.
 */
export const describeOnNginx = (title: string, tests: () => void): void => {
  if (NGINX !== undefined || process.env.REQUIRE_ENGINES === '1') return void describe(title, tests);
  announceOnce(
    'Tests are skipped. The program nginx is not installed; it is needed for the configurations of the proxies.',
  );
  describe.skip(`${title} (skipped: the program nginx is not installed)`, tests);
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/**
 * Runs a configuration on this machine until the end of the tests: it listens at a free port in place of 8080, and writes to
 * a folder of its own in place of `/tmp`.
 * @returns the URL of the proxy
 */
export const startNginx = async (config: string): Promise<string> => {
  const [folder, port] = [await temporaryFolder('ums-nginx-'), await freePort(0)];
  const path = join(folder, 'nginx.conf');
  await writeFile(
    path,
    config
      .replace('listen 8080;', `listen 127.0.0.1:${port};`)
      .replace('listen [::]:8080;', `listen [::1]:${port};`)
      .replaceAll(' /tmp/', ` ${folder}/`),
  );
  const args = ['-p', folder, '-e', 'stderr', '-c', path, '-g', 'daemon off; master_process off;'];
  const child = spawn(NGINX ?? 'nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'exit');
  atEndOfFile(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await until(() => {
    if (child.exitCode !== null) throw new Error(`nginx has ended: ${said}`);
    return accepts(port);
  });
  return `http://127.0.0.1:${port}`;
};

/** A service that answers every request with its name. `stop` closes it; connections are refused then. */
export const startNamed = async (name: string) => {
  const server: Server = createServer((request, response) => {
    request.resume();
    request.once('end', () => response.end(`${name} ${request.method} ${request.url}`));
  });
  const port = await freePort(0);
  const start = () => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  atEndOfFile(() => stop());
  await start();
  return { port, start, stop };
};
