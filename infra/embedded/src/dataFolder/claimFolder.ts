import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, EngineFailed } from '../engineFailed.js';
import { processStart } from './processStart.js';

/** A hold on a folder; released by `release` or by the death of the process. */
export interface Claim {
  release(): Promise<void>;
}

/**
 * Claims a folder for this process: whoever claims writes a file of its own first and looks for others afterwards, so two
 * never both succeed, and a dead process's claim can be cleared without a race, its name being unique.
 * Two that start in the same instant may both be refused. Processes of another pid namespace are not seen as alive.
 * @param lock begins the claims' paths; beside the folder unless given.
 * @throws EngineFailed when a living process holds it, or the parent folder cannot be written.
 */
export async function claimFolder(folder: string, lock = `${folder}.lock`): Promise<Claim> {
  const parent = dirname(lock);
  const prefix = `${basename(lock)}.`;
  const own = `${prefix}${process.pid}.${randomUUID()}`;
  const path = join(parent, own);
  const start = await processStart(process.pid);
  try {
    await writeFile(path, `${start}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new EngineFailed(`The folder ${parent} cannot be written (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
  try {
    for (const name of await readdir(parent)) {
      if (!name.startsWith(prefix) || name === own) continue;
      const pid = Number(name.slice(prefix.length).split('.')[0]);
      if (await alive(pid, join(parent, name))) {
        throw new EngineFailed(`The folder ${folder} is in use by process ${pid}; stop that one first.`);
      }
      await rm(join(parent, name), { force: true });
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { release: () => rm(path, { force: true }) };
}

/** A claim whose text is not there yet belongs to a process that is just writing it: alive as long as its pid is. */
const alive = async (pid: number, path: string): Promise<boolean> => {
  const start = await processStart(pid);
  if (start === undefined) return false;
  const claimed = await readFile(path, 'latin1').catch(ifMissing);
  return claimed === '' || claimed?.trim() === start;
};

const ifMissing = (error: unknown): undefined => {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
};
