import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { processStart } from '../dataFolder/processStart.js';
import { codeOf, EngineFailed } from '../engineFailed.js';

const run = promisify(execFile);
const FAST_SHUTDOWN_MS = 10_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

/**
 * Stops the server that a killed process left running on this data folder. The caller holds the folder's claim, so a server
 * found there belongs to nobody any more. A process that only got the orphan's pid by reuse is never touched.
 */
export async function stopOrphan(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  });
  const [first, ...rest] = text.split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const start = await processStart(pid);
  if (start === undefined) return;
  if (await serves(pid, dataDir)) return stop(pid, start, dataDir);
  // Postgres takes any living process of that number for its predecessor; its own parent (us) it does not, and it still
  // checks by the lines below that no backend of the predecessor lives.
  await writeFile(pidFile, [String(process.pid), ...rest].join('\n'));
}

const serves = async (pid: number, dataDir: string): Promise<boolean> => {
  const { stdout } = await run('ps', ['-o', 'command=', '-ww', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres') && stdout.includes(pgdata(dataDir));
};

/** The argument by which a server of ours is known. */
export const pgdata = (dataDir: string): string => `--pgdata=${dataDir}`;
