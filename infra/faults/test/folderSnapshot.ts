import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Mode and content hash of every path below a folder, to compare two states of it. */
export const folderSnapshot = async (folder: string): Promise<Record<string, string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const states = entries.map(async (entry): Promise<[string, string]> => {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await lstat(path);
    const content = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : '';
    return [relative(folder, path), `${mode.toString(8)} ${content}`];
  });
  return Object.fromEntries((await Promise.all(states)).sort(([one], [other]) => one.localeCompare(other)));
};
