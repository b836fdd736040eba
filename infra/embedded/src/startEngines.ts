import { join } from 'node:path';
import { closers } from '@ums/kit/closers';
import { openDataFolder } from './dataFolder/openDataFolder.js';
import type { Secrets } from './dataFolder/secrets.js';
import { startEventStore } from './eventstore/startEventStore.js';
import { prepareDatabases } from './postgres/prepareDatabases.js';
import { startPostgres } from './postgres/startPostgres.js';
import { startSes } from './ses/startSes.js';

export interface EnginesOptions {
  dataDir: string;
  /** Of SES and its inbox; 0: the system chooses. */
  inboxPort: number;
  /** False for tests only. */
  fsync?: boolean;
  /** Told when an engine ended by itself. */
  onFatal: (error: Error) => void;
}

export interface RunningEngines {
  /** Absolute path of the data folder. */
  dataDir: string;
  secrets: Secrets;
  /** End point of SES and, in a browser, the inbox. */
  inbox: string;
  /** Connection string of the event log. */
  eventLog: string;
  /** The superuser's, on the database `postgres`. */
  postgres: string;
  vaultFor(role: 'command' | 'projector' | 'notifier' | 'query'): string;
  usersFor(role: 'projector' | 'notifier' | 'query'): string;
  close(): Promise<void>;
}

/**
 * Opens a data folder and starts on it what the services need: Postgres with its databases and roles, the event log, SES.
 * @throws StartRefused with one sentence; nothing is left running then.
 */
export async function startEngines({
  dataDir,
  inboxPort,
  fsync = true,
  onFatal,
}: EnginesOptions): Promise<RunningEngines> {
  const { onClose, close } = closers();
  try {
    const folder = await openDataFolder(dataDir);
    onClose(folder.release);
    const ses = await startSes({ port: inboxPort });
    onClose(ses.close);
    const postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), fsync, onFatal });
    onClose(postgres.close);
    const { databasePasswords } = folder.secrets;
    await prepareDatabases(postgres, databasePasswords);
    const logDatabase = postgres.url('log', 'log', databasePasswords.log);
    const eventLog = await startEventStore({ databaseUrl: logDatabase, onFatal });
    onClose(eventLog.close);
    return {
      dataDir: folder.path,
      secrets: folder.secrets,
      inbox: ses.url,
      eventLog: eventLog.url,
      postgres: postgres.url('postgres'),
      vaultFor: (role) => postgres.url('vault', role, databasePasswords[role]),
      usersFor: (role) => postgres.url('users', role, databasePasswords[role]),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
