import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 8 * 2 ** 30;

/** Memory, where there is enough: each suite makes databases of its own, and a slow disk stops all of them for seconds. */
const parentFolder = async () => {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
};

/** Creates the folder of the Postgres cluster that all tests of this run share; the first test that needs it starts it (postgres.ts). */
const globalSetup = async () => {
  // Settings of the shell for other programs: clients of the engines that tests start on loopback would take them.
  const readByClients = /^((https?|grpc|all|no|no_grpc)_proxy|PG[A-Z]+|AWS_.+)$/i;
  // A commit hook in a linked worktree names its repository: tests that make repositories of their own would commit to it.
  const nameRepository = /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY)$/;
  for (const name of Object.keys(process.env))
    if (readByClients.test(name) || nameRepository.test(name)) delete process.env[name];
  process.env.TEST_CLUSTER = await mkdtemp(join(await parentFolder(), 'ums-test-'));
  process.env.TEST_RUN_PID = String(process.pid);
};

export default globalSetup;
