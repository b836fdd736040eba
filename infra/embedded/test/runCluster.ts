import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_ROLES } from '../src/dataFolder/secrets.js';
import { startPostgres } from '../src/postgres/startPostgres.js';
import { withConnection } from '../src/postgres/withConnection.js';

/**
 * Script: runs the Postgres cluster that all tests of a run share, until SIGTERM or the end of the run:
 * `runCluster.ts <folder> <pid of the run>`. The file `pid` exists in the folder while it runs, `url` once it is ready.
 */
const [folder = '', runPid] = process.argv.slice(2);
const pidFile = join(folder, 'pid');
const urlFile = join(folder, 'url');
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());

const isRunAlive = () => {
  try {
    return process.kill(Number(runPid), 0);
  } catch {
    return false;
  }
};

await writeFile(pidFile, String(process.pid));
try {
  const engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
  await withConnection(engine.url('postgres'), (client) =>
    client.query(DATABASE_ROLES.map((role) => `create role ${role} login`).join(';')),
  );
  await writeFile(`${urlFile}.unfinished`, engine.url('').slice(0, -1));
  await rename(`${urlFile}.unfinished`, urlFile);
  while (!stopping.signal.aborted && existsSync(folder) && isRunAlive())
    await sleep(500, undefined, { signal: stopping.signal }).catch(() => undefined);
  await engine.close();
} finally {
  await rm(pidFile, { force: true });
  // After a killed run there is no teardown.
  if (!isRunAlive()) await rm(folder, { recursive: true, force: true });
}
