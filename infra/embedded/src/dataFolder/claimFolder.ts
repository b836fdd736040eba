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
      const pid = name.startsWith(prefix) && name !== own ? claimant(name.slice(prefix.length)) : undefined;
      if (pid === undefined) continue;
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

/** Whose claim a file is, by its name after the prefix; undefined for a file that is none and must not be touched (`lock.mdb`). */
const claimant = (ending: string): number | undefined => {
  const [, pid] = /^(\d+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(ending) ?? [];
  return pid === undefined ? undefined : Number(pid);
};

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
