import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog } from '@ums/kit/log';
import { codeOf } from '@ums/kit/postgres/errors';
import type pg from 'pg';
import { ensureFolder } from '../dataFolder/ensureFolder.js';
import { EngineFailed } from '../engineFailed.js';
import { freePort } from '../freePort.js';
import { ignoreShellSettings } from '../ignoreShellSettings.js';
import { startPostgres } from '../postgres/startPostgres.js';
import { withConnection } from '../postgres/withConnection.js';
import { type EventStore, startEventStore, WRITE_FAILED } from './startEventStore.js';

const USAGE = 'Usage: npm run -s eventstore -- --port <n> --data <dir>';
const DATABASE = 'log';
const DUPLICATE_DATABASE = '42P04';

export interface StandaloneOptions {
  readonly port: number;
  readonly data: string;
}

/** Parses `--port <n> --data <dir>`. @throws EngineFailed with one sentence. */
export const readArguments = (args: readonly string[]): StandaloneOptions => {
  const { port, data } = parse(args);
  if (data === undefined || data === '') throw new EngineFailed(`--data is missing. ${USAGE}`);
  if (port === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new EngineFailed(`--port must be a number from 0 to 65535. ${USAGE}`);
  return { port: Number(port), data };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: { port: { type: 'string' }, data: { type: 'string' } } }).values;
  } catch (error) {
    throw new EngineFailed(`The arguments are invalid. ${USAGE}`, { cause: error });
  }
};

/**
 * Starts the event log server with its own Postgres in the data folder.
 * @param onFatal called when one of them has failed and cannot continue.
 * @throws EngineFailed with one sentence; nothing is left running then.
 */
export const startStandalone = async (
  { port, data }: StandaloneOptions,
  onFatal: (error: Error) => void,
): Promise<EventStore> => {
  ignoreShellSettings();
  await freePort(port);
  await ensureWritableFolder(data);
  const postgres = await startPostgres({ dataDir: join(data, 'postgres'), onFatal });
  try {
    await withConnection(postgres.url('postgres'), createDatabase);
    const log = createLog({ service: 'event-log' });
    const onWriteFailed = (error: unknown) => log.warn(WRITE_FAILED, { error });
    const store = await startEventStore({ databaseUrl: postgres.url(DATABASE), port, onFatal, onWriteFailed });
    const close = async () => {
      await store.close();
      await postgres.close();
    };
    return { ...store, close };
  } catch (error) {
    await postgres.close();
    throw error;
  }
};

const ensureWritableFolder = async (folder: string): Promise<void> => {
  try {
    await ensureFolder(resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    const reason = codeOf(error) ?? 'unknown error';
    throw new EngineFailed(`The data folder ${folder} cannot be written (${reason}).`, { cause: error });
  }
};

const createDatabase = async (client: pg.Client): Promise<void> => {
  try {
    await client.query(`create database ${DATABASE}`);
  } catch (error) {
    if (codeOf(error) !== DUPLICATE_DATABASE) throw error;
  }
};
