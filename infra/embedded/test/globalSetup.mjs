import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates the folder of the Postgres cluster that all tests of this run share; the first test that needs it starts it (postgres.ts). */
const globalSetup = async () => {
  process.env.TEST_CLUSTER = await mkdtemp(join(tmpdir(), 'ums-test-'));
  process.env.TEST_RUN_PID = String(process.pid);
};

export default globalSetup;
