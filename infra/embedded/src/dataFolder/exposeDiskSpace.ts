import { statfs } from 'node:fs/promises';
import { readGauge } from '@ums/kit/metrics';

/** Exposes the space of the file system that the data folder is on. @returns ends that */
export const exposeDiskSpace = (dataDir: string): (() => void) => {
  const removals = [
    readGauge('ums_data_dir_free_bytes', 'Free space of the file system of DATA_DIR.', [], async () => {
      const { bavail, bsize } = await statfs(dataDir);
      return [[{}, bavail * bsize]];
    }),
    readGauge('ums_data_dir_size_bytes', 'Size of the file system of DATA_DIR.', [], async () => {
      const { blocks, bsize } = await statfs(dataDir);
      return [[{}, blocks * bsize]];
    }),
  ];
  return () => {
    for (const remove of removals) remove();
  };
};
