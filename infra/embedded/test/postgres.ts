import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ROLES } from '../src/dataFolder/secrets.js';
import { codeOf } from '../src/engineFailed.js';
import { startPostgres } from '../src/postgres/startPostgres.js';
import { withConnection } from '../src/postgres/withConnection.js';

/**
 * Creates an empty UTF-8 database on the cluster that all tests of the run share. The first call starts the cluster and
 * takes about a second; a database takes about 50 ms. The roles `log`, `command`, `projector`, `notifier` and `query` exist.
 * @param name prefix of the database's name, to identify it in logs.
 * @returns its URL, as the superuser.
 */
export async function testDatabase(name = 'test'): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await sharedCluster();
  const database = `${name}_${randomBytes(6).toString('hex')}`;
  const onServer = async (sql: string): Promise<void> => void (await execute(`${server}/postgres`, sql));
  await onServer(`create database "${database}" strategy file_copy`);
  return { url: `${server}/${database}`, drop: () => onServer(`drop database if exists "${database}" with (force)`) };
}

/** Runs one statement on a new connection. */
export const execute = (url: string, sql: string): Promise<pg.QueryResult> =>
  withConnection(url, (client) => client.query(sql));

const sharedCluster = async (): Promise<string> => {
  const folder = process.env.TEST_CLUSTER;
  if (folder === undefined)
    throw new Error('testDatabase works only within a jest run, where globalSetup sets TEST_CLUSTER');
  const urlFile = join(folder, 'url');
  try {
    await mkdir(join(folder, 'starting'));
    await startSharedCluster(folder, urlFile);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  for (let waited = 0; waited < 60_000; waited += 20) {
    const url = await readFile(urlFile, 'utf8').catch(() => '');
    if (url !== '') return url;
    await sleep(20);
  }
  throw new Error('the shared test cluster was not started within 60 s');
};

const startSharedCluster = async (folder: string, urlFile: string): Promise<void> => {
  const watch = join(import.meta.dirname, 'clusterWatch.mjs');
  spawn(process.execPath, [watch, folder, String(process.env.TEST_RUN_PID)], {
    detached: true,
    stdio: 'ignore',
  }).unref();
  const engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false, detached: true });
  const url = engine.url('');
  await execute(engine.url('postgres'), ROLES.map((role) => `create role ${role} login`).join(';'));
  await writeFile(`${urlFile}.unfinished`, url.slice(0, -1));
  await rename(`${urlFile}.unfinished`, urlFile);
};
