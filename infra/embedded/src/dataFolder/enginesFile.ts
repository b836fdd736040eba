import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';
import type { BucketAccess } from '../s3/startS3.js';
import { processStart } from './processStart.js';
import { writePrivateFile } from './writePrivateFile.js';

/** Addresses of a running service and its engines. They contain passwords of the databases and of the object storage. */
export interface Engines {
  /** Base URL of the API. */
  api: string;
  /** URL of the mail inbox, which is also the SES endpoint. */
  inbox: string;
  /** How to reach the object storage. */
  objectStorage: BucketAccess;
  /** Connection string of the event log. */
  eventLog: string;
  /** URL of the database `postgres`, as the superuser. */
  postgres: string;
  /** URL of the vault, as its owner. */
  vault: string;
  /** URL of the read-model database, as the owner of the schema `read`. */
  users: string;
  /** `host:port` of the Kafka that was started with the service. */
  kafkaBrokers?: string | undefined;
  /** URL of the OpenSearch that was started with the service. */
  openSearch?: string | undefined;
}

interface EnginesFile extends Engines {
  pid: number;
  /** Start time of the process, to detect a reused pid. */
  start: string | undefined;
  /** Identity of the data folder, to detect a copy of it. */
  folder: string;
}

/** The file of a data folder that `readSecrets` reads. */
export const secretsFileOf = (dataDir: string): string => join(dataDir, 'secrets.json');

const pathIn = (dataDir: string): string => join(dataDir, 'engines.json');

/** Records the engines of this process for the commands that use the running service (`admin`, `backup`, `dlq`, `export-log`,
 * `forget`, `keys`, `logs`, `projections`, `publish`, `replay`). */
export const writeEngines = async (dataDir: string, engines: Engines): Promise<void> => {
  const [start, folder] = await Promise.all([processStart(process.pid), identityOf(dataDir)]);
  const file: EnginesFile = { pid: process.pid, start, folder, ...engines };
  await writePrivateFile(pathIn(dataDir), `${JSON.stringify(file, undefined, 2)}\n`);
};

/** Leaves the file of another process, which may have started on a folder that took the place of this one's. */
export const removeEngines = async (dataDir: string): Promise<void> => {
  const { pid } = await readEnginesFile(dataDir).catch(() => ({ pid: undefined }));
  if (pid === process.pid) await rm(pathIn(dataDir), { force: true });
};

/** Stays the same when the folder is moved. */
const identityOf = async (dataDir: string): Promise<string> => {
  const { dev, ino } = await stat(dataDir, { bigint: true });
  return `${dev}:${ino}`;
};

/** @throws EngineFailed when no service is running on the folder, or on another one that it was copied from; the file of a killed service is ignored. */
export const readEngines = async (dataDir: string): Promise<Engines> => {
  const { pid, start, folder, ...engines } = await readEnginesFile(dataDir);
  if (start === undefined || (await processStart(pid)) !== start) throw notRunning(dataDir);
  if (folder !== (await identityOf(dataDir)))
    throw new EngineFailed(`${dataDir} is a copy of the data folder of a service that runs; set DATA_DIR to that one.`);
  return engines;
};

const readEnginesFile = async (dataDir: string): Promise<EnginesFile> => {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as EnginesFile;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') throw notRunning(dataDir);
    throw new EngineFailed(`${pathIn(dataDir)} cannot be read (${codeOf(error) ?? 'it is damaged'}).`);
  }
};

const notRunning = (dataDir: string): EngineFailed =>
  new EngineFailed(`No service is running on the data folder ${dataDir}; start it with npm start, or set DATA_DIR.`);
