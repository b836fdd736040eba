import { stopCluster } from './stopCluster.mjs';

export default async function globalTeardown() {
  await stopCluster(process.env.TEST_CLUSTER);
}
