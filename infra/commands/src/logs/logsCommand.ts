import { resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { type Environment, parseEnv } from '@ums/kit/env';
import { type LogStore, openLogStore } from '@ums/kit/log-search/logStore';
import { openSearchAccess, openSearchSettings } from '@ums/kit/log-shipping/openSearchSettings';
import { StartRefused } from '@ums/kit/startRefused';
import { engineUrl } from '@ums/kit/transport/engineUrl';
import { ageMs } from './ageMs.js';
import { parseLogQuery, USAGE } from './logQuery.js';
import { printLogs } from './printLogs.js';

export interface Console {
  print: (text: string) => void;
  /** Ends `--follow`. */
  signal: AbortSignal;
}

/**
 * Runs `npm run logs`. @returns the sentence to print last
 * @throws StartRefused for wrong arguments and for failures of OpenSearch; ConfigFault
 */
export const logsCommand = async (args: readonly string[], env: Environment, console: Console): Promise<string> => {
  if (args.includes('--help')) return USAGE;
  if (args[0] === 'prune') {
    const { age, ms } = parsePrune(args.slice(1));
    return withStore(env, async (store) => {
      const { indices, lines, left } = await store.prune(Date.now() - ms);
      return `Deleted ${indices} of ${indices + left} indices, with ${lines} lines older than ${age}.`;
    });
  }
  const query = parseLogQuery(args, Date.now());
  return withStore(env, (store) => printLogs(store, query, console));
};

const parsePrune = (args: readonly string[]): { age: string; ms: number } => {
  const [option, age = '', ...rest] = args;
  const ms = ageMs(age);
  if (option === '--older-than' && /^0+[smhd]$/.test(age))
    throw new StartRefused(`The age of --older-than must be at least 1${age.at(-1)}.`);
  if (option !== '--older-than' || ms === undefined || rest.length > 0)
    throw new StartRefused(`prune needs --older-than and an age, such as 30d.\n\n${USAGE}`);
  return { age, ms };
};

const withStore = async (env: Environment, work: (store: LogStore) => Promise<string>): Promise<string> => {
  const settings = parseEnv({ ...openSearchSettings(), OPENSEARCH_URL: engineUrl() }, await searchEnvironment(env));
  const store = openLogStore({ ...openSearchAccess(settings), url: settings.OPENSEARCH_URL });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

/**
 * Without OPENSEARCH_URL, the OpenSearch that was started with the service that runs on the data folder, if there is one.
 * @throws StartRefused
 */
const searchEnvironment = async (env: Environment): Promise<Environment> => {
  if (env.OPENSEARCH_URL?.trim()) return env;
  const engines = await readEngines(resolve(readDataDir({ ...env }))).catch(() => undefined);
  if (engines?.openSearch === undefined)
    throw new StartRefused('No OpenSearch is running here: run npm start -- --engines, or set OPENSEARCH_URL.');
  return { ...env, OPENSEARCH_URL: engines.openSearch };
};
