import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What a folder holds: for each path below it, mode and content (as a hash), so that two states compare in one look. */
export const snapshot = async (folder: string): Promise<Record<string, string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const seen = entries.map(async (entry): Promise<[string, string]> => {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await lstat(path);
    const content = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : '';
    return [relative(folder, path), `${mode.toString(8)} ${content}`];
  });
  return Object.fromEntries((await Promise.all(seen)).sort(([one], [other]) => one.localeCompare(other)));
};
