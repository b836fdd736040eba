import { join } from 'node:path';
import type { RealEngines } from '@ums/engines/startRealEngines';
import { type Closers, closers } from '@ums/kit/closers';
import { openDataFolder } from './dataFolder/openDataFolder.js';
import type { Secrets } from './dataFolder/secrets.js';
import { startEventStore } from './eventstore/startEventStore.js';
import { ignoreShellSettings } from './ignoreShellSettings.js';
import { interruptible } from './interruptible.js';
import { prepareDatabases } from './postgres/prepareDatabases.js';
import { startPostgres } from './postgres/startPostgres.js';
import { type BucketAccess, startS3 } from './s3/startS3.js';
import { startSes } from './ses/startSes.js';

export interface EnginesOptions {
  dataDir: string;
  /** Port of SES and the inbox; 0: the system chooses. */
  inboxPort: number;
  /** False is for tests only. @default true */
  fsync?: boolean;
  /** Called when an engine has ended unexpectedly. */
  onFatal: (error: Error) => void;
  /** Called with the database's error when the event log could not be written. */
  onWriteFailed?: (error: unknown) => void;
  /** Also starts a real Kafka and a real OpenSearch, on the folder `engines` of the data folder. */
  realEngines?: RealEnginesOptions | undefined;
}

export interface RealEnginesOptions {
  /** Called with the progress of their first start, a line of text each. */
  onProgress: (text: string) => void;
  /** Interrupts the start while they are starting. They end with this process then. */
  signal: AbortSignal;
}

export interface RunningEngines {
  /** Absolute path of the data folder. */
  dataDir: string;
  secrets: Secrets;
  /** The SES endpoint and, in a browser, the inbox. */
  inbox: string;
  /** How to reach the object storage. */
  objectStorage: BucketAccess;
  /** Connection string of the event log. */
  eventLog: string;
  /** URL of the database `postgres`, as the superuser, through TCP. */
  postgres: string;
  /** URL of the vault, as the role. */
  vaultFor(role: 'command' | 'projector' | 'notifier' | 'query' | 'notary'): string;
  /** URL of the read-model database, as the role. */
  usersFor(role: 'command' | 'projector' | 'notifier' | 'query' | 'notary'): string;
  realEngines?: RealEngines | undefined;
  close(): Promise<void>;
}

/**
 * Opens a data folder and starts the engines on it: Postgres with its databases and roles, the event log server, S3, SES, and
 * real engines on request.
 * @throws StartRefused with one sentence; nothing is left running then.
 */
export const startEngines = async ({
  dataDir,
  inboxPort,
  fsync = true,
  onFatal,
  onWriteFailed = () => undefined,
  realEngines,
}: EnginesOptions): Promise<RunningEngines> => {
  ignoreShellSettings();
  const { onClose, close } = closers();
  try {
    const folder = await openDataFolder(dataDir);
    onClose(folder.release);
    const ses = await startSes({ port: inboxPort });
    onClose(ses.close);
    const s3 = await startS3({ folder: join(folder.path, 's3') });
    onClose(s3.close);
    const startingReal =
      realEngines && startBeside({ dataDir: join(folder.path, 'engines'), onFatal, ...realEngines }, onClose);
    const postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), fsync, onFatal });
    onClose(postgres.close);
    const { databasePasswords } = folder.secrets;
    await prepareDatabases(postgres, databasePasswords);
    const eventLogDatabase = postgres.localUrl('log', 'log', databasePasswords.log);
    const eventLog = await startEventStore({ databaseUrl: eventLogDatabase, onFatal, onWriteFailed });
    onClose(eventLog.close);
    const real = await startingReal;
    return {
      dataDir: folder.path,
      secrets: folder.secrets,
      inbox: ses.url,
      objectStorage: s3.access,
      eventLog: eventLog.url,
      postgres: postgres.url('postgres'),
      vaultFor: (role) => postgres.localUrl('vault', role, databasePasswords[role]),
      usersFor: (role) => postgres.localUrl('users', role, databasePasswords[role]),
      realEngines: real,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

type StartBesideOptions = RealEnginesOptions & { dataDir: string; onFatal: (error: Error) => void };

/** Starts the real engines beside the others, and closes them also when the others fail. */
const startBeside = ({ signal, ...options }: StartBesideOptions, onClose: Closers['onClose']): Promise<RealEngines> => {
  // Loaded only on request, with the Kafka client that it needs.
  const loaded = import('@ums/engines/startRealEngines');
  const starting = interruptible(
    loaded.then(({ startRealEngines }) => startRealEngines(options)),
    signal,
  );
  onClose(async () => {
    const engines = await starting.catch(() => undefined);
    await engines?.stop();
  });
  return starting;
};
