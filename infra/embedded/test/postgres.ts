import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ROLES } from '../src/dataFolder/secrets.js';
import { codeOf } from '../src/engineFailed.js';
import { onDatabase } from '../src/postgres/onDatabase.js';
import { startPostgres } from '../src/postgres/startPostgres.js';

/**
 * A fresh, empty UTF-8 database on the cluster that all tests of the run share (made by the first call, about a second; a
 * database about 50 ms). The url is the superuser's; the roles `log`, `command`, `projector`, `notifier` and `query` exist.
 * @param name begins the database's name, to be told apart in logs.
 */
export async function testDatabase(name = 'test'): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await sharedCluster();
  const database = `${name}_${randomBytes(6).toString('hex')}`;
  const onServer = async (sql: string): Promise<void> => void (await execute(`${server}/postgres`, sql));
  await onServer(`create database "${database}" strategy file_copy`);
  return { url: `${server}/${database}`, drop: () => onServer(`drop database if exists "${database}" with (force)`) };
}

/** Runs one statement on a connection of its own. */
export const execute = (url: string, sql: string): Promise<pg.QueryResult> =>
  onDatabase(url, (client) => client.query(sql));

const sharedCluster = async (): Promise<string> => {
  const folder = process.env.TEST_CLUSTER;
  if (folder === undefined) throw new Error('testDatabase works in a jest run only: globalSetup names the folder');
  const ready = join(folder, 'url');
  try {
    await mkdir(join(folder, 'starting'));
    await startShared(folder, ready);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  for (let waited = 0; waited < 60_000; waited += 20) {
    const url = await readFile(ready, 'utf8').catch(() => '');
    if (url !== '') return url;
    await sleep(20);
  }
  throw new Error('the shared test cluster was not started in time by the test that began it');
};

const startShared = async (folder: string, ready: string): Promise<void> => {
  const watch = join(import.meta.dirname, 'clusterWatch.mjs');
  spawn(process.execPath, [watch, folder, String(process.env.TEST_RUN_PID)], {
    detached: true,
    stdio: 'ignore',
  }).unref();
  const engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false, outlive: true });
  const url = engine.url('');
  await execute(engine.url('postgres'), ROLES.map((role) => `create role ${role} login`).join(';'));
  await writeFile(`${ready}.unfinished`, url.slice(0, -1));
  await rename(`${ready}.unfinished`, ready);
};
