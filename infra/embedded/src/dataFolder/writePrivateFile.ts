import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';

/**
 * Writes a file atomically with mode 0600: a crash leaves either the old or the new content. The new content is on disk
 * when the promise resolves.
 *
 * @throws EngineFailed with one sentence that names the file.
 */
export const writePrivateFile = async (path: string, content: string): Promise<void> => {
  try {
    await write(path, content);
  } catch (error) {
    throw new EngineFailed(`${path} cannot be written (${codeOf(error) ?? 'unknown error'}).`, { cause: error });
  }
};

const write = async (path: string, content: string): Promise<void> => {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  const folder = await open(dirname(path));
  await folder.sync().finally(() => folder.close());
};
