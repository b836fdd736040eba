import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, EngineFailed } from '../engineFailed.js';
import { processStart } from './processStart.js';
import { writePrivately } from './writePrivately.js';

/** Where the engines of a running service are; the ports were chosen by the system. URLs of databases hold passwords. */
export interface Engines {
  /** URL of the API. */
  api: string;
  /** URL of the mail inbox, which is SES's end point too. */
  inbox: string;
  /** Connection string of the event log. */
  eventLog: string;
  /** The superuser's URL of the database `postgres`. */
  postgres: string;
  /** The vault as its owner. */
  vault: string;
  /** The database of read models as the owner of the schema `read`. */
  users: string;
}

interface EnginesFile extends Engines {
  pid: number;
  start: string | undefined;
}

const pathIn = (dataDir: string): string => join(dataDir, 'engines.json');

/** Tells the commands that run beside the service (`admin`, `forget`) where its engines are. */
export const writeEngines = async (dataDir: string, engines: Engines): Promise<void> => {
  const file: EnginesFile = { pid: process.pid, start: await processStart(process.pid), ...engines };
  await writePrivately(pathIn(dataDir), `${JSON.stringify(file, undefined, 2)}\n`);
};

export const removeEngines = (dataDir: string): Promise<void> => rm(pathIn(dataDir), { force: true });

/** @throws EngineFailed when no service runs on the folder; what a killed one left behind does not count. */
export const readEngines = async (dataDir: string): Promise<Engines> => {
  const { pid, start, ...engines } = await readFileOf(dataDir);
  if (start === undefined || (await processStart(pid)) !== start) throw nothingRuns(dataDir);
  return engines;
};

const readFileOf = async (dataDir: string): Promise<EnginesFile> => {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as EnginesFile;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') throw nothingRuns(dataDir);
    throw new EngineFailed(`${pathIn(dataDir)} cannot be read (${codeOf(error) ?? 'it is damaged'}).`);
  }
};

const nothingRuns = (dataDir: string): EngineFailed =>
  new EngineFailed(
    `No service runs on the data folder ${dataDir}; start it with npm start, or name the folder in DATA_DIR.`,
  );
