import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@ums/kit/postgres/errors';
import type pg from 'pg';
import { withConnection } from '../src/postgres/withConnection.js';
import { TYPESCRIPT_LOADER } from './typescriptLoader.js';

/**
 * Creates an empty UTF-8 database on the cluster that all tests of the run share. The first call starts the cluster and
 * takes about two seconds; a database takes about 50 ms. The roles `log`, `command`, `projector`, `notifier`, `query` and
 * `notary` exist.
 * @param name prefix of the database's name, to identify it in logs.
 * @returns its URL, as the superuser.
 */
export const testDatabase = async (name = 'test'): Promise<{ url: string; drop(): Promise<void> }> => {
  const server = await sharedCluster();
  const database = `${name}_${randomBytes(6).toString('hex')}`;
  const onServer = async (sql: string): Promise<void> => void (await execute(`${server}/postgres`, sql));
  await onServer(`create database "${database}" strategy file_copy`);
  return { url: `${server}/${database}`, drop: () => onServer(`drop database if exists "${database}" with (force)`) };
};

/** Runs one statement on a new connection. */
export const execute = (url: string, sql: string): Promise<pg.QueryResult> =>
  withConnection(url, (client) => client.query(sql));

const START_TIMEOUT_MS = 180_000;

/** @returns the URL of the cluster without a database. */
const sharedCluster = async (): Promise<string> => {
  const folder = process.env.TEST_CLUSTER;
  if (folder === undefined)
    throw new Error('testDatabase works only within a jest run, where globalSetup sets TEST_CLUSTER');
  try {
    await mkdir(join(folder, 'starting'));
    await startCluster(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += 20) {
    const url = await readFile(join(folder, 'url'), 'utf8').catch(() => '');
    if (url !== '') return url;
    await sleep(20);
  }
  const output = await readFile(join(folder, 'stderr'), 'utf8').catch(() => '');
  throw new Error(`the shared test cluster did not start within ${START_TIMEOUT_MS} ms: ${output}`);
};

/** The cluster runs in its own process, because it outlives the jest worker that starts it. */
const startCluster = async (folder: string): Promise<void> => {
  const script = [TYPESCRIPT_LOADER, join(import.meta.dirname, 'runCluster.ts')] as const;
  const stderr = await open(join(folder, 'stderr'), 'w');
  spawn(process.execPath, ['--import', ...script, folder, String(process.env.TEST_RUN_PID)], {
    detached: true,
    stdio: ['ignore', 'ignore', stderr.fd],
  }).unref();
  await stderr.close();
};
