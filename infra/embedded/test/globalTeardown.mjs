import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops the shared test cluster (runCluster.ts), if a test has started it, and deletes its folder. */
const globalTeardown = async () => {
  const folder = process.env.TEST_CLUSTER;
  const pidFile = join(folder, 'pid');
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (pid > 1) {
    signal(pid, 'SIGTERM');
    while (existsSync(pidFile) && signal(pid, 0)) await sleep(20);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
};

/** @returns whether the process exists. */
const signal = (pid, name) => {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};

export default globalTeardown;
