import type { ObjectStorage } from './objectStorage.js';
import type { S3Access } from './s3Client.js';
import type { S3StorageOptions } from './s3Storage.js';

/** As `openS3Storage`, but loads the client of S3 with the first call: it takes about 35 MB of memory. */
export const lazyS3Storage = (access: S3Access, options: S3StorageOptions = {}): ObjectStorage => {
  let opened: Promise<ObjectStorage> | undefined;
  const storage = (): Promise<ObjectStorage> => {
    opened ??= import('./s3Storage.js').then(({ openS3Storage }) => openS3Storage(access, options));
    return opened;
  };
  return {
    put: async (...call) => (await storage()).put(...call),
    get: async (...call) => (await storage()).get(...call),
    head: async (...call) => (await storage()).head(...call),
    delete: async (...call) => (await storage()).delete(...call),
    deleteAll: async (...call) => (await storage()).deleteAll(...call),
    list: async function* (prefix) {
      yield* (await storage()).list(prefix);
    },
    close: () => void opened?.then((each) => each.close()),
  };
};
