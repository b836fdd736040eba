import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf, EngineFailed } from '../engineFailed.js';
import { claimFolder } from './claimFolder.js';
import { makePath } from './makePath.js';
import { makeSecrets, readSecrets, type Secrets } from './secrets.js';
import { writePrivately } from './writePrivately.js';

export interface DataFolder {
  path: string;
  secrets: Secrets;
  /** Lets another process open the folder. */
  release(): Promise<void>;
}

/** Of the folder's layout; a change that an older version could not read raises it. */
const VERSION = '1';

/**
 * Opens a data folder for this process alone, and makes it when there is none: secrets first, the version last, so a folder
 * with a version always has its secrets, and one cut off while being made is simply made again.
 * @throws EngineFailed with one sentence when the folder is in use, foreign, newer, damaged or closed to us.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const path = resolve(folder);
  try {
    await makePath(path, 0o700);
  } catch (error) {
    throw new EngineFailed(`The data folder ${path} cannot be made (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
  const claim = await claimFolder(path, join(path, 'lock'));
  try {
    const secretsFile = join(path, 'secrets.json');
    const version = await readVersion(path);
    if (version === undefined) {
      const names = await refuseForeign(path);
      if (!names.includes('secrets.json')) await makeSecrets(secretsFile);
    }
    const secrets = await readSecrets(secretsFile);
    if (version === undefined) await writePrivately(join(path, 'version'), `${VERSION}\n`);
    return { path, secrets, release: claim.release };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

const readVersion = async (path: string): Promise<string | undefined> => {
  let version: string;
  try {
    version = (await readFile(join(path, 'version'), 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new EngineFailed(`The data folder ${path} cannot be read (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
  if (version === VERSION) return version;
  const why = /^\d+$/.test(version) ? 'was written by a newer version of this service' : 'has a damaged version file';
  throw new EngineFailed(`The data folder ${path} ${why}; nothing was changed.`);
};

/** @returns the names in it. */
const refuseForeign = async (path: string): Promise<string[]> => {
  const names = await readdir(path);
  if (names.every((name) => /^(lock\.\d+\.[0-9a-f-]{36}|(secrets\.json|version)(\.unfinished)?)$/.test(name)))
    return names;
  throw new EngineFailed(`${path} is not empty and no data folder of this service; nothing was changed.`);
};
