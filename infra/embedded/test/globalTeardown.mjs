import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export default async function globalTeardown() {
  await stopCluster(process.env.TEST_CLUSTER);
}

/** Stops the shared test cluster, if one was started in the folder, and deletes the folder. */
export async function stopCluster(folder) {
  const pidFile = join(folder, 'postgres', 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid > 1) {
    process.kill(pid, 'SIGINT');
    while ((await readFile(pidFile, 'utf8').catch(() => '')) !== '') await sleep(20);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
