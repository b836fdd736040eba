import { lazily } from '../lazily.js';
import type { ObjectStorage } from './objectStorage.js';
import type { S3Access } from './s3Client.js';
import type { S3StorageOptions } from './s3Storage.js';

type Open = (access: S3Access, options: S3StorageOptions) => Promise<ObjectStorage>;

const importAndOpen: Open = async (access, options) => (await import('./s3Storage.js')).openS3Storage(access, options);

/** As `openS3Storage`, but loads the client of S3 with the first call: it takes about 35 MB of memory. */
export const lazyS3Storage = (
  access: S3Access,
  options: S3StorageOptions = {},
  open: Open = importAndOpen,
): ObjectStorage => {
  const storage = lazily(() => open(access, options));
  return {
    put: async (...call) => (await storage.get()).put(...call),
    get: async (...call) => (await storage.get()).get(...call),
    head: async (...call) => (await storage.get()).head(...call),
    delete: async (...call) => (await storage.get()).delete(...call),
    deleteAll: async (...call) => (await storage.get()).deleteAll(...call),
    list: async function* (prefix) {
      yield* (await storage.get()).list(prefix);
    },
    close: () => {
      // A client that cannot be loaded needs no closing. The call that loads it reports the error.
      storage.current()?.then(
        (each) => each.close(),
        () => undefined,
      );
    },
  };
};
