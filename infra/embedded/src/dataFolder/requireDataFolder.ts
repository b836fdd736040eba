import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';

/**
 * For commands that change what is there: a start would make a folder that is missing.
 *
 * @throws EngineFailed with one sentence when no service has ever started on the folder.
 */
export const requireDataFolder = async (folder: string): Promise<void> => {
  try {
    await access(join(folder, 'version'));
  } catch (error) {
    const path = resolve(folder);
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR')
      throw new EngineFailed(`${path} is not a data folder of this service; set DATA_DIR.`, { cause: error });
    throw new EngineFailed(`The data folder ${path} cannot be read (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
};
