import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../engineFailed.js';

/**
 * Makes a folder and those above it that are missing. As mkdir's `recursive`, which tries for ever where a folder exists
 * but takes no entries (/proc).
 * @throws what the file system does; EEXIST where the path is a file.
 */
export async function makePath(folder: string, mode?: number): Promise<void> {
  try {
    await makeFolder(folder, mode);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makePath(dirname(folder), mode);
    await makeFolder(folder, mode);
  }
}

const makeFolder = async (folder: string, mode: number | undefined): Promise<void> => {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  }
};
