import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import type { Service } from '@ums/embedded/environments';
import { type MeasuredService, openMeasuredService, usersUrlOf } from '../service/measuredService.js';
import type { Launch, Program } from './startProgram.js';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const EVENT_STORE = join(ROOT, 'infra', 'embedded', 'dist', 'eventstore', 'main.js');

/** The options of V8 that `npm start` and the image run with. */
const HEAP_OPTIONS: readonly string[] = packageJson.scripts.start.match(/(?<![a-z-])--[a-z-]+=\d+/g) ?? [];

/** The standalone log server with its own Postgres. `ready` captures its URL. */
export const logServer = (dataDir: string): Launch => ({
  command: [process.execPath, ...HEAP_OPTIONS, EVENT_STORE, '--port', '0', '--data', dataDir],
  ready: /^ready (\S+)/,
});

/** The projector in a process of its own. It is ready once it has found that its broker does not answer. */
export const projectorWithoutBroker = (env: Readonly<Record<string, string | undefined>>): Launch => ({
  command: [process.execPath, ...HEAP_OPTIONS, join(ROOT, 'projector', 'dist', 'main.js')],
  env,
  ready: /publisher starts without a broker/,
});

/** One service as the image runs it. It prints nothing when it is ready; `/health/ready` tells. */
export const serviceProcess = (service: Service, env: Readonly<Record<string, string | undefined>>): Launch => ({
  command: [process.execPath, ...HEAP_OPTIONS, join(ROOT, service, 'dist', 'main.js')],
  env: { UV_THREADPOOL_SIZE: '8', MALLOC_ARENA_MAX: '2', ...env },
  ready: /^/,
});

/** The whole service as `npm start` runs it. `ready` captures the URLs of API and inbox. */
export const wholeService = (
  dataDir: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Launch => ({
  command: ['npm', 'start', '--', ...args],
  cwd: ROOT,
  env: { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: dataDir, ...env },
  ready: /API docs +(\S+)\/apidocs\/\s+Inbox +(\S+)\/\s/,
});

/** Connects to a program started with `wholeService`. */
export const measuredServiceOf = async (
  { readyMatch, cpu }: Program,
  { env = {} }: Launch,
): Promise<MeasuredService> => {
  const [, api = '', inbox = ''] = readyMatch;
  const { postgres } = await readEngines(env.DATA_DIR ?? '');
  const users = usersUrlOf(postgres);
  return openMeasuredService({ api, inbox, users, passwordHash: env.PASSWORD_HASH ?? '', cpu });
};
