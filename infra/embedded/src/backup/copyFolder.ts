import type { Stats } from 'node:fs';
import { chown, copyFile, mkdir, open, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineFailed } from '../engineFailed.js';
import { undefinedIfMissing } from '../undefinedIfMissing.js';

export interface CopyOptions {
  /** Gets the path of each file and folder below `from`, with `/` between names. @default nothing is left out */
  isLeftOut?: ((path: string) => boolean) | undefined;
  /** `kept` gives the copies to the owners of the originals, where root copies; `copier` leaves them to the user who copies. @default kept */
  owner?: 'kept' | 'copier';
}

/**
 * Copies a folder in which files may change or vanish meanwhile: one that is gone when its turn comes is left out. Sockets are
 * left out too. What links lead to is copied in their place. Times are kept. What is copied is on disk when the promise resolves.
 *
 * @throws EngineFailed when a link leads nowhere, or when the copy is removed meanwhile; else the file system's error, unchanged:
 * EEXIST when `to` exists.
 */
export const copyFolder = async (
  from: string,
  to: string,
  { isLeftOut = () => false, owner = 'kept' }: CopyOptions = {},
): Promise<void> => {
  const { mode, uid, gid, atime, mtime } = await stat(from);
  await mkdir(to, { mode });
  if (owner === 'kept') await keepOwner(to, { uid, gid });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (isLeftOut(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const found = entry.isSymbolicLink() ? await followed(source) : entry;
    const copying = found.isDirectory()
      ? copyFolder(source, target, { isLeftOut: (path) => isLeftOut(`${entry.name}/${path}`), owner })
      : found.isFile()
        ? copyOne(source, target, owner)
        : undefined;
    await copying?.catch(undefinedIfMissing);
  }
  await finish(to, atime, mtime);
};

const followed = async (link: string): Promise<Stats> => {
  const found = await stat(link).catch(undefinedIfMissing);
  if (found === undefined) throw new EngineFailed(`${link} is a link to a file that does not exist.`);
  return found;
};

const copyOne = async (from: string, to: string, owner: CopyOptions['owner']): Promise<void> => {
  const { uid, gid, atime, mtime } = await stat(from);
  await copyFile(from, to);
  if (owner === 'kept') await keepOwner(to, { uid, gid });
  await finish(to, atime, mtime);
};

/** A copy that is gone must not look like an original that is gone. */
const finish = async (to: string, atime: Date, mtime: Date): Promise<void> => {
  try {
    await utimes(to, atime, mtime);
    await syncToDisk(to);
  } catch (error) {
    undefinedIfMissing(error);
    throw new EngineFailed(`${to} was removed while it was copied.`, { cause: error });
  }
};

const ROOT = 0;

/** Only root can give files away; the files of others belong to who copies them. */
export const keepOwner = async (path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> => {
  if (process.getuid?.() === ROOT) await chown(path, uid, gid);
};

const syncToDisk = async (path: string): Promise<void> => {
  const file = await open(path);
  await file.sync().finally(() => file.close());
};
