import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopCluster } from './stopCluster.mjs';

/** Runs beside a shared test cluster and ends it when the test run was killed before its teardown: `node clusterWatch.mjs <folder> <pid>`. */
const [folder, pid] = process.argv.slice(2);

const runs = () => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

while (existsSync(folder) && runs()) await sleep(500);
if (existsSync(folder)) await stopCluster(folder);
