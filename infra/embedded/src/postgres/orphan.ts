import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processCommand } from '../dataFolder/processCommand.js';
import { processStart } from '../dataFolder/processStart.js';
import { codeOf, EngineFailed } from '../engineFailed.js';

const FAST_SHUTDOWN_MS = 10_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

/**
 * Stops the server that a killed process left running on this data folder. The caller holds the folder's claim, so a server
 * found there belongs to nobody any more. A process that only got the orphan's pid by reuse is never touched.
 * @throws EngineFailed when it does not end.
 */
export async function stopOrphan(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const [first, ...rest] = (await readFile(pidFile, 'utf8').catch(ifMissing)).split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return;
  if ((await processCommand(pid)).includes(` -D ${dataDir} `)) return stop(pid, dataDir);
  // Postgres takes any process of that number for its predecessor, a zombie too, but not its own parent, us; by the lines
  // below it still checks that no backend of the predecessor lives.
  await writeFile(pidFile, [String(process.pid), ...rest].join('\n'));
}

const stop = async (pid: number, dataDir: string): Promise<void> => {
  const start = await processStart(pid);
  const ended = async () => (await processStart(pid)) !== start;
  for (const [signal, patience] of [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (codeOf(error) === 'ESRCH') return;
      throw new EngineFailed(
        `A Postgres left running on ${dataDir} belongs to another user; stop process ${pid} first.`,
        { cause: error },
      );
    }
    for (const deadline = performance.now() + patience; performance.now() < deadline; await sleep(20)) {
      if (await ended()) return;
    }
  }
  throw new EngineFailed(`A Postgres left running on ${dataDir} does not stop; stop process ${pid} first.`);
};

const ifMissing = (error: unknown): string => {
  if (codeOf(error) === 'ENOENT') return '';
  throw error;
};
