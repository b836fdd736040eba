import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@ums/kit/postgres/errors';
import { processCommand, processStart } from '../dataFolder/processStart.js';
import { EngineFailed } from '../engineFailed.js';
import { undefinedIfMissing } from '../undefinedIfMissing.js';

/** How long each of the two signals may take. */
const TIMEOUTS_MS = { SIGINT: 10_000, SIGQUIT: 5_000 };

/**
 * Stops the server that a killed process left running on this data folder. The caller holds the folder's claim, so no
 * running service owns that server. A process that merely reuses the server's pid is not signalled. A damaged file is removed.
 * @throws EngineFailed when the server does not end.
 */
export const stopOrphan = async (dataDir: string): Promise<void> => {
  const pidFile = join(dataDir, 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8').catch(undefinedIfMissing);
  if (text === undefined) return;
  const [first, ...rest] = text.split('\n');
  const pid = Number(first);
  // A crash of the machine can leave the file empty, and Postgres would refuse it at every start. It notices a server that still
  // runs by its shared memory, too.
  if (!Number.isInteger(pid) || pid === 0) return rm(pidFile, { force: true });
  if (pid <= 1 || pid === process.pid) return;
  if ((await processCommand(pid)).includes(` -D ${dataDir} `)) return stopServer(pid, dataDir);
  // Postgres refuses to start while any process has the pid in this file, a zombie included. It ignores the pid of its
  // own parent, which is this process. The other lines still let it check for backends of its predecessor.
  await writeFile(pidFile, [String(process.pid), ...rest].join('\n'));
};

/** Requests a fast shutdown, then an immediate one, from which the next start recovers. @throws EngineFailed when neither works. */
export const stopServer = async (pid: number, dataDir: string, timeoutsMs = TIMEOUTS_MS): Promise<void> => {
  const start = await processStart(pid);
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (codeOf(error) === 'ESRCH') return;
      const sentence = `A Postgres left running on ${dataDir} belongs to another user; stop process ${pid} first.`;
      throw new EngineFailed(sentence, { cause: error });
    }
    for (const deadline = performance.now() + timeoutsMs[signal]; performance.now() < deadline; await sleep(20)) {
      if ((await processStart(pid)) !== start) return;
    }
  }
  throw new EngineFailed(`A Postgres left running on ${dataDir} does not stop; stop process ${pid} first.`);
};
