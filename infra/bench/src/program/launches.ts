import { join } from 'node:path';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { openStage, type Stage } from '../service/stage.js';
import type { Launch, Program } from './startProgram.js';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const EVENT_STORE = join(ROOT, 'infra', 'embedded', 'dist', 'eventstore', 'main.js');

/** The log server alone, with a Postgres of its own. Says its URL. */
export const logServer = (dataDir: string): Launch => ({
  command: [process.execPath, EVENT_STORE, '--port', '0', '--data', dataDir],
  ready: /^ready (\S+)/,
});

/** The whole service as `npm start` starts it, under no limits. Says where API and inbox are. */
export const wholeService = (dataDir: string, env: Readonly<Record<string, string>>): Launch => ({
  command: ['npm', 'start'],
  cwd: ROOT,
  env: { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: dataDir, ...env },
  ready: /API docs +(\S+)\/apidocs\/\s+Inbox +(\S+)\/\s/,
});

/** The stage that a service started by `wholeService` is. */
export const stageOf = async ({ said, cpu }: Program, { env = {} }: Launch): Promise<Stage> => {
  const [, api = '', inbox = ''] = said;
  const { postgres } = await readEngines(env.DATA_DIR ?? '');
  const users = new URL(postgres);
  users.pathname = '/users';
  return openStage({ api, inbox, users: users.href, passwordHash: env.PASSWORD_HASH ?? '', cpu });
};
