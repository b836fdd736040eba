import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface RepositoryFile {
  /** From the root of the repository, with `/`. */
  path: string;
  text: string;
}

const WRITTEN_BY_HAND = /\.(ts|mjs|md|sql)$/;
/** Installed, built, or data of a running service; names with a leading dot are left out too. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'generated', 'data']);

/** Sources and documents below `root`. */
export const repositoryFiles = async (root: string, folder = root): Promise<RepositoryFile[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<RepositoryFile[]> => {
      if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return repositoryFiles(root, path);
      if (!entry.isFile() || !WRITTEN_BY_HAND.test(entry.name)) return [];
      return [{ path: relative(root, path).replaceAll('\\', '/'), text: await readFile(path, 'utf8') }];
    }),
  );
  return found.flat();
};
