import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface RepositoryFile {
  /** Relative to the root of the repository, separated by `/`. */
  path: string;
  text: string;
}

const SEARCHED_FILES = /\.(ts|mjs|md|sql)$/;
/** Dependencies, build results and data of a running service. */
const IGNORED_NAMES = new Set(['node_modules', 'dist', 'generated', 'data']);

/**
 * All source files and documents below `root`; names with a leading dot are ignored. Reads synchronously: thousands of reads that
 * wait for a few threads take longer than a test has on a busy machine.
 */
export const repositoryFiles = (root: string, folder = root): RepositoryFile[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || IGNORED_NAMES.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return repositoryFiles(root, path);
    if (!entry.isFile() || !SEARCHED_FILES.test(entry.name)) return [];
    return [{ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }];
  });
