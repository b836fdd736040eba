import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** A running service of some version, with what every version says about itself. */
export interface VersionedService {
  api: string;
  inbox: string;
  kafkaBrokers?: string;
  /** Ends it in order. @throws Error when it does not end with code 0 */
  stop(): Promise<void>;
}

export interface VersionedStart {
  /** The root of the version, which is built. */
  root: string;
  dataDir: string;
  withEngines: boolean;
}

const PORTS = { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', PASSWORD_HASH: 'bcrypt:4' };

/** Starts the service of a version on a data folder. @throws Error with its error output when it ends before it is ready */
export const serviceOf = async ({ root, dataDir, withEngines }: VersionedStart): Promise<VersionedService> => {
  const { PATH, HOME, JAVA_HOME, ENGINES_CACHE } = process.env;
  const args = ['infra/embedded/dist/main.js', ...(withEngines ? ['--engines'] : [])];
  const env = { PATH, HOME, JAVA_HOME, ENGINES_CACHE, UV_THREADPOOL_SIZE: '8', ...PORTS, DATA_DIR: dataDir };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = text(child.stderr);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let printed = '';
  const ready = new Promise<'ready'>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      if (/^Ready\.$/m.test(printed)) resolve('ready');
    });
  });
  if ((await Promise.race([ready, closed])) !== 'ready')
    throw new Error(`the service in ${root} did not start: ${await errors}`);
  const engines = JSON.parse(await readFile(join(dataDir, 'engines.json'), 'utf8')) as Omit<VersionedService, 'stop'>;
  return {
    ...engines,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await closed;
      if (code !== 0) throw new Error(`the service in ${root} ended with code ${code}: ${await errors}`);
    },
  };
};
