import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopCluster } from './globalTeardown.mjs';

/** Stops the shared test cluster when the test run was killed before its teardown: `node clusterWatch.mjs <folder> <pid of the run>`. */
const [folder, pid] = process.argv.slice(2);

const isRunning = () => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

while (existsSync(folder) && isRunning()) await sleep(500);
if (existsSync(folder)) await stopCluster(folder);
