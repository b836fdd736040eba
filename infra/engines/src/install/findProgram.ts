import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Path of the first executable of that name in the folders; undefined where none of them has one. */
export const findProgram = (name: string, folders: readonly string[]): string | undefined =>
  folders.map((folder) => join(folder, name)).find(isExecutable);

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
