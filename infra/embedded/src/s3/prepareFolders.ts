import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of uploads in progress. */
export const unfinishedUploads = (folder: string): string => join(folder, 'unfinished');

/** Makes the folders of the bucket, readable by this user only, and removes what a killed process has left. */
export const prepareFolders = async (folder: string, bucket: string): Promise<void> => {
  await rm(unfinishedUploads(folder), { recursive: true, force: true });
  for (const path of [folder, unfinishedUploads(folder), join(folder, bucket)])
    await mkdir(path, { recursive: true, mode: 0o700 });
};
