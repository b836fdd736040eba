import { join } from 'node:path';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { createLog } from '@ums/kit/log';
import { atEndOfFile, temporaryFolder } from '../../engines/test/atEndOfFile.js';
import { type BrokenNetwork, brokenNetwork } from '../../faults/test/brokenNetwork.js';
import { type TimedClient, timedClient } from '../../faults/test/registerUser.js';
import { runCommands } from '../test/runCommands.js';

/** The whole service as an operator has it, with a network that can be broken. */
export interface TrialService {
  running: RunningStart;
  network: BrokenNetwork;
  inbox: string;
  call: TimedClient;
  /** Everything logged so far. */
  log(): string;
  /** A URL below the port for operators. @returns status and text */
  page(path: string): Promise<string>;
  /** Runs the commands of a page, with the addresses of this service. */
  run(commands: string): Promise<{ code: number | null; printed: string }>;
}

/** Cheap hashes, and limits that no test reaches. */
const SETTINGS = {
  PASSWORD_HASH: 'bcrypt:4',
  LIMIT_REQUESTS_PER_SOURCE: '100000',
  LIMIT_CHANGES_PER_USER: '100000',
  LIMIT_READS_PER_AUDITOR: '100000',
  LIMIT_MAILS_PER_SOURCE: '1000',
};

/** Starts the service on a new folder. It ends with the file. @param settings further variables */
export const trialService = async (settings: Readonly<Record<string, string>> = {}): Promise<TrialService> => {
  const DATA_DIR = join(await temporaryFolder('ums-handbook-'), 'data');
  const lines: string[] = [];
  let network: BrokenNetwork | undefined;
  let inbox = '';
  const running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR }),
    env: { ...SETTINGS, ...settings },
    logFor: (service) => createLog({ service, destination: { write: (line) => void lines.push(line) } }),
    fsync: false,
    eventLoopDelayMs: () => 0,
    wrapEngines: async (engines) => {
      network = await brokenNetwork(engines);
      inbox = engines.inbox;
      return network.engines;
    },
    onFatal: (error) => {
      throw error;
    },
  });
  if (network === undefined) throw new Error('the service was started without a network');
  atEndOfFile(network.close);
  atEndOfFile(running.close);
  const addresses = { 'http://127.0.0.1:8080': running.api, 'http://127.0.0.1:9464': running.metrics };
  return {
    ...{ running, network, inbox, call: timedClient(running.api), log: () => lines.join('') },
    page: async (path) => {
      const answer = await fetch(`${running.metrics}${path}`);
      return `${answer.status}\n${await answer.text()}`;
    },
    run: (commands) => {
      let adapted = commands;
      for (const [documented, actual] of Object.entries(addresses)) adapted = adapted.replaceAll(documented, actual);
      return runCommands(adapted, { env: { DATA_DIR } });
    },
  };
};
