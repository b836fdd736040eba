import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processCommand } from '../dataFolder/processCommand.js';
import { processStart } from '../dataFolder/processStart.js';
import { codeOf, EngineFailed } from '../engineFailed.js';

/** How long it may take by each of the two. */
const PATIENCE_MS = { SIGINT: 10_000, SIGQUIT: 5_000 };

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
  if ((await processCommand(pid)).includes(` -D ${dataDir} `)) return stopServer(pid, dataDir);
  // Postgres takes any process of that number for its predecessor, a zombie too, but not its own parent, us; by the lines
  // below it still checks that no backend of the predecessor lives.
  await writeFile(pidFile, [String(process.pid), ...rest].join('\n'));
}

/** Fast shutdown, then an immediate one, which the next start recovers from. @throws EngineFailed when neither works. */
export async function stopServer(pid: number, dataDir: string, patienceMs = PATIENCE_MS): Promise<void> {
  const start = await processStart(pid);
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (codeOf(error) === 'ESRCH') return;
      const sentence = `A Postgres left running on ${dataDir} belongs to another user; stop process ${pid} first.`;
      throw new EngineFailed(sentence, { cause: error });
    }
    for (const deadline = performance.now() + patienceMs[signal]; performance.now() < deadline; await sleep(20)) {
      if ((await processStart(pid)) !== start) return;
    }
  }
  throw new EngineFailed(`A Postgres left running on ${dataDir} does not stop; stop process ${pid} first.`);
}

const ifMissing = (error: unknown): string => {
  if (codeOf(error) === 'ENOENT') return '';
  throw error;
};
