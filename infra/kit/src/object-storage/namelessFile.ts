import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../postgres/errors.js';
import { StartRefused } from '../startRefused.js';

/** Opens a new file that is already deleted: no other process can open it, and none is left after a crash. */
export const openNameless = async (folder: string): Promise<FileHandle> => {
  const path = join(folder, `ums-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
};

/**
 * Makes and closes a file in the temporary folder of this process, so that the start fails instead of each upload.
 * @throws StartRefused when that is impossible.
 */
export const checkTemporaryFolder = async (folder = tmpdir()): Promise<void> => {
  try {
    await (await openNameless(folder)).close();
  } catch (error) {
    const reason = codeOf(error) ?? 'unknown error';
    const fault = `The temporary folder (TMPDIR) takes no files (${reason}), and uploads of pictures need it.`;
    throw new StartRefused(fault, { cause: error });
  }
};
