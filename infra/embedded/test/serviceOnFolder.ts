import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@ums/kit/log';
import { readConfig } from '../src/config.js';
import { type RunningStart, type StartOptions, start } from '../src/start.js';

/** The whole service on a data folder of its own, started and stopped as often as a test needs. */
export interface ServiceOnFolder {
  dataDir: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** @throws Error while it is stopped */
  running(): RunningStart;
  /** Stops it and deletes the folder. */
  remove(): Promise<void>;
}

/** @param options those that differ from a service with cheap hashes. */
export const serviceOnFolder = async ({
  env,
  ...options
}: Partial<Pick<StartOptions, 'env' | 'fetchFromSns' | 'requestTimeouts'>> = {}): Promise<ServiceOnFolder> => {
  const folder = await mkdtemp(join(tmpdir(), 'ums-folder-'));
  const dataDir = join(folder, 'data');
  let running: RunningStart | undefined;
  const stop = async (): Promise<void> => {
    await running?.close();
    running = undefined;
  };
  return {
    dataDir,
    start: async () => {
      running = await start({
        config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: dataDir }),
        env: { PASSWORD_HASH: 'bcrypt:4', ...env },
        logFor: () => silentLog,
        fsync: false,
        eventLoopDelayMs: () => 0,
        onFatal: (error) => {
          throw error;
        },
        ...options,
      });
    },
    stop,
    running: () => {
      if (running === undefined) throw new Error('the service is stopped');
      return running;
    },
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
