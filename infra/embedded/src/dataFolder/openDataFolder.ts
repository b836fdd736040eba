import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';
import { undefinedIfMissing } from '../undefinedIfMissing.js';
import { claimFolder } from './claimFolder.js';
import { ensureFolder } from './ensureFolder.js';
import { completeSecrets, createSecrets, readSecrets, type Secrets } from './secrets.js';
import { writePrivateFile } from './writePrivateFile.js';

export interface DataFolder {
  path: string;
  secrets: Secrets;
  /** Ends the claim, so that another process can open the folder. */
  release(): Promise<void>;
}

/** Raised by every change of the folder's layout that an older version cannot read. */
const LAYOUT_VERSION = '1';

/**
 * Opens a data folder exclusively, and creates it when it is missing. The secrets are written first and the version last:
 * a folder with a version always has secrets, and an interrupted creation is resumed at the next start.
 * @throws EngineFailed with one sentence when the folder is in use, belongs to something else or another user, has a newer layout, is
 * damaged or is not accessible.
 */
export const openDataFolder = async (folder: string): Promise<DataFolder> => {
  const path = resolve(folder);
  try {
    await ensureFolder(path, 0o700);
  } catch (error) {
    throw new EngineFailed(`The data folder ${path} cannot be created (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
  const claim = await claimFolder(path, join(path, 'lock'));
  try {
    const secretsFile = join(path, 'secrets.json');
    const version = await readVersion(path);
    await refuseOtherOwner(path, secretsFile);
    if (version === undefined) {
      const names = await refuseOtherFiles(path);
      if (!names.includes('secrets.json')) await createSecrets(secretsFile);
    } else await completeSecrets(secretsFile);
    const secrets = await readSecrets(secretsFile);
    if (version === undefined) await writePrivateFile(join(path, 'version'), `${LAYOUT_VERSION}\n`);
    return { path, secrets, release: claim.release };
  } catch (error) {
    await claim.release();
    throw error;
  }
};

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
  if (version === LAYOUT_VERSION) return version;
  const reason = /^\d+$/.test(version)
    ? 'was written by a newer version of this service'
    : 'has a damaged version file';
  throw new EngineFailed(`The data folder ${path} ${reason}; nothing was changed.`);
};

/** A start as another user, such as root, leaves files that the owner cannot read at the next start. @throws EngineFailed */
const refuseOtherOwner = async (path: string, secretsFile: string): Promise<void> => {
  const user = process.getuid?.();
  const owner = (await stat(secretsFile).catch(undefinedIfMissing))?.uid ?? user;
  if (owner === user) return;
  throw new EngineFailed(
    `The data folder ${path} belongs to another user (uid ${owner}); start the service as that user, or give all of it to this one.`,
  );
};

/**
 * @returns the names of the files in the folder. `npm run engines` may have made `engines`.
 * @throws EngineFailed when one of them is not of this service.
 */
const refuseOtherFiles = async (path: string): Promise<string[]> => {
  const names = await readdir(path);
  if (
    names.every((name) =>
      /^(lock\.\d+\.[0-9a-f-]{36}(\.new|\.sock)?|(secrets\.json|version)(\.unfinished)?|engines)$/.test(name),
    )
  )
    return names;
  throw new EngineFailed(`${path} is not empty and is not a data folder of this service; nothing was changed.`);
};
