import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';

/**
 * Creates a folder and its missing parents. Replaces `mkdir` with `recursive`, which never returns below a folder that
 * exists but accepts no entries (/proc).
 * @throws the file system's error, unchanged; EEXIST when the path is a file.
 */
export const ensureFolder = async (folder: string, mode?: number): Promise<void> => {
  try {
    await createFolder(folder, mode);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await ensureFolder(dirname(folder), mode);
    await createFolder(folder, mode);
  }
};

const createFolder = async (folder: string, mode: number | undefined): Promise<void> => {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  }
};
