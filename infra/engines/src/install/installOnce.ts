import { existsSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { RealEngineFailed } from '../realEngineFailed.js';
import { withInstallLock } from './installLock.js';

/** Reports the progress of an installation, one line of text each. */
export type OnProgress = (text: string) => void;

export interface InstallationTarget {
  /** The finished installation; created when missing. */
  folder: string;
  /** For messages, for example `Kafka 4.4.0`. */
  label: string;
  onProgress: OnProgress;
}

/**
 * Makes an installation unless its folder exists. `make` fills another folder, which is renamed at the end, so that an
 * interrupted installation is never used. Several processes may do so at once.
 * @throws RealEngineFailed when the folder of installations cannot be written; what `make` throws
 */
export const installOnce = async (
  { folder, label, onProgress }: InstallationTarget,
  make: (unfinished: string) => Promise<void>,
): Promise<void> => {
  if (existsSync(folder)) return;
  await makeWritable(dirname(folder));
  const install = async () => {
    if (existsSync(folder)) return;
    await removeUnfinished(folder);
    const unfinished = await mkdtemp(`${folder}.unfinished-`);
    try {
      await make(unfinished);
      await publish(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  };
  await withInstallLock(`${folder}.lock`, install, (pid) => onProgress(`${label}: process ${pid} is installing it`));
};

const makeWritable = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const code = codeOf(error) ?? 'unknown error';
    const sentence = `Programs cannot be installed in ${folder} (${code}). ENGINES_CACHE may name another folder.`;
    throw new RealEngineFailed(sentence, { cause: error });
  }
};

/** Removes what a killed process has left. The caller holds the lock, so no other process is installing. */
const removeUnfinished = async (folder: string): Promise<void> => {
  const names = await readdir(dirname(folder));
  for (const name of names.filter((each) => each.startsWith(`${basename(folder)}.unfinished-`)))
    await rm(join(dirname(folder), name), { recursive: true, force: true });
};

const publish = async (unfinished: string, folder: string): Promise<void> => {
  try {
    await rename(unfinished, folder);
  } catch (error) {
    // Another process has made the same installation.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
};
