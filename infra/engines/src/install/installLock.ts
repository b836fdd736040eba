import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@ums/kit/postgres/errors';

const POLL_MS = 200;
/** Longer than any installation. A pid in the lock may have been reused by another program. */
const TIMEOUT_MS = 600_000;

/**
 * Runs `work` while holding a lock file, so that processes that need the same installation do not all make it. The lock only
 * saves work: after the timeout, or when two processes replace the lock of a dead one, `work` may run twice at once.
 * @param onWait called once with the pid of the process that holds the lock.
 */
export const withInstallLock = async <T>(
  path: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => undefined,
): Promise<T> => {
  const deadline = performance.now() + TIMEOUT_MS;
  let told = false;
  while (!(await lock(path)) && performance.now() < deadline) {
    // 0 while the holder has created the file but not written its pid, or has just removed it.
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0 && !isRunning(pid)) {
      await rm(path, { force: true });
      continue;
    }
    if (pid > 0 && !told) {
      told = true;
      onWait(pid);
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};

const lock = async (path: string): Promise<boolean> => {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};
