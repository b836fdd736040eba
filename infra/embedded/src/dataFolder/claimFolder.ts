import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UUID_PATTERN } from '@ums/contracts/uuid';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';
import { undefinedIfMissing } from '../undefinedIfMissing.js';
import { type ClaimSocket, isAnswered, openClaimSocket } from './claimSocket.js';
import { processStart } from './processStart.js';

/** An exclusive claim on a folder; it ends with `release` or with the process. */
export interface Claim {
  release(): Promise<void>;
}

/**
 * Claims a folder for this process. Each process writes a claim file with a unique name first and looks for other claims
 * afterwards, so two processes never both succeed, and the claim of a dead process can be deleted without a race.
 * Two processes that start at the same instant may both be refused. On Linux, a process in another pid namespace, such as a
 * container of this machine, is known by the socket beside its claim, which it listens on. One on another machine is not detected.
 * @param lockPath prefix of the claim files' paths. @default `<folder>.lock`, next to the folder
 * @throws EngineFailed when a running process holds the folder, or the claim file cannot be written.
 */
export const claimFolder = async (folder: string, lockPath = `${folder}.lock`): Promise<Claim> => {
  const parent = dirname(lockPath);
  const prefix = `${basename(lockPath)}.`;
  const ownName = `${prefix}${process.pid}.${randomUUID()}`;
  const ownPath = join(parent, ownName);
  const written = `${ownPath}.new`;
  let socket: ClaimSocket | undefined;
  const release = async () => {
    await rm(ownPath, { force: true });
    await socket?.close();
  };
  try {
    // Before the claim appears, because a claim without an answer counts as that of a dead process.
    if (process.platform === 'linux') socket = await openClaimSocket(socketOf(ownPath));
    // The claim appears with its text, also when the disk is full or the machine loses its power.
    await writeFile(written, `${await processStart(process.pid)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await rename(written, ownPath);
  } catch (error) {
    // The first error says what is wrong.
    await rm(written, { force: true }).catch(() => undefined);
    await socket?.close().catch(() => undefined);
    throw new EngineFailed(`The folder ${parent} cannot be written (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
  try {
    for (const name of await readdir(parent)) {
      const pid = name.startsWith(prefix) && name !== ownName ? claimingPid(name.slice(prefix.length)) : undefined;
      if (pid === undefined) continue;
      const path = join(parent, name);
      if (await isHeld(pid, path))
        throw new EngineFailed(`The folder ${folder} is in use by process ${pid}; stop that process first.`);
      if (process.platform === 'linux' && (await isAnswered(socketOf(path))))
        throw new EngineFailed(
          `The folder ${folder} is in use by process ${pid} of another container; stop that first.`,
        );
      await rm(path, { force: true });
      await rm(socketOf(path), { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
};

const socketOf = (claimPath: string): string => `${claimPath}.sock`;

const CLAIM_SUFFIX = new RegExp(`^(\\d+)\\.${UUID_PATTERN}$`);

/** The pid in a claim file's name after the prefix; undefined for any other file (`lock.mdb`), which must not be deleted. */
const claimingPid = (suffix: string): number | undefined => {
  const [, pid] = CLAIM_SUFFIX.exec(suffix) ?? [];
  return pid === undefined ? undefined : Number(pid);
};

/** A process that got the pid later has another start. */
const isHeld = async (pid: number, path: string): Promise<boolean> => {
  const start = await processStart(pid);
  if (start === undefined) return false;
  return (await readFile(path, 'latin1').catch(undefinedIfMissing))?.trim() === start;
};
