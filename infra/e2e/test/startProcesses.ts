import { join } from 'node:path';
import { appoint } from '@ums/commands/admin/appoint';
import type { Service } from '@ums/embedded/environments';
import { type RunningEngines, startEngines } from '@ums/embedded/startEngines';
import type { Environment } from '@ums/kit/env';
import { atEndOfFile, temporaryFolder } from '../../engines/test/atEndOfFile.js';
import type { DataSources } from '../src/oracle/findDifferences.js';
import { type ApiClient, apiClient } from './apiClient.js';
import { metricsPage } from './expectMetrics.js';
import { fiveProcesses, SERVICES } from './fiveProcesses.js';
import type { StoryEnvironment } from './story/story.js';

/** The five services in processes of their own. */
export interface Processes extends StoryEnvironment {
  client: ApiClient;
  dataDir: string;
  engines: RunningEngines;
  sources: DataSources;
  /** The variables of each service, from its next start on. */
  environment: Record<Service, Environment>;
  /** The pages of metrics of all services. */
  metrics(): Promise<string[]>;
  /** Everything that the processes have written. */
  output(): string;
  /**
   * Ends all processes and starts them again, on the same ports.
   * @param between what to do while none of them runs
   * @returns their exit codes, null if the signal ended the process
   */
  restart(
    signal: 'SIGTERM' | 'SIGKILL',
    between?: () => Promise<unknown>,
  ): Promise<Record<string, number | null | undefined>>;
  /** Ends the processes, then the embedded engines. */
  close(): Promise<void>;
}

/**
 * Starts the embedded engines on a new folder, and the five services on them. All of it ends with the file.
 * @param settings further environment variables of all services
 */
export const startProcesses = async (settings: Readonly<Record<string, string>> = {}): Promise<Processes> => {
  const dataDir = join(await temporaryFolder('ums-processes-'), 'data');
  const onFatal = (error: Error) => {
    throw error;
  };
  const engines = await startEngines({ dataDir, inboxPort: 0, fsync: false, onFatal });
  atEndOfFile(engines.close);
  const processes = await fiveProcesses(engines, settings);
  atEndOfFile(processes.close);
  const { url, environment, output, restart } = processes;
  const { eventLog, vaultFor, usersFor, secrets } = engines;
  return {
    ...{ client: await apiClient(url), publicUrl: url, inbox: engines.inbox },
    appoint: (email) => appoint([email], environment['command-api']),
    ...{ dataDir, engines, environment, output, restart },
    metrics: () => Promise.all(SERVICES.map((service) => metricsPage(processes.metrics(service)))),
    sources: { eventLog, vault: vaultFor('command'), users: usersFor('projector'), secrets: secrets.environment },
    close: async () => {
      await processes.close();
      await engines.close();
    },
  };
};
