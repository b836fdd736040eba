import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';

/** The folder of uploads in progress. */
export const unfinishedUploads = (folder: string): string => join(folder, 'unfinished');

/**
 * Makes the folders of the bucket, readable by this user only, and removes what a killed process has left.
 *
 * @throws EngineFailed with one sentence.
 */
export const prepareFolders = async (folder: string, bucket: string): Promise<void> => {
  try {
    await rm(unfinishedUploads(folder), { recursive: true, force: true });
    for (const path of [folder, unfinishedUploads(folder), join(folder, bucket)])
      await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new EngineFailed(`The folder ${folder} cannot be used (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
};
