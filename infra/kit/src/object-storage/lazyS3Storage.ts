import type { ObjectStorage } from './objectStorage.js';
import type { S3Access } from './s3Client.js';
import type { S3StorageOptions } from './s3Storage.js';

type Open = (access: S3Access, options: S3StorageOptions) => Promise<ObjectStorage>;

const importAndOpen: Open = async (access, options) => (await import('./s3Storage.js')).openS3Storage(access, options);

/**
 * As `openS3Storage`, but loads the client of S3 with the first call: it takes about 35 MB of memory. If that fails, the next
 * call loads it again.
 */
export const lazyS3Storage = (
  access: S3Access,
  options: S3StorageOptions = {},
  open: Open = importAndOpen,
): ObjectStorage => {
  let opened: Promise<ObjectStorage> | undefined;
  const storage = async (): Promise<ObjectStorage> => {
    const opening = opened ?? open(access, options);
    opened = opening;
    try {
      return await opening;
    } catch (error) {
      if (opened === opening) opened = undefined;
      throw error;
    }
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
    close: () => {
      // A client that could not be loaded needs no closing; its caller has the error.
      opened?.then(
        (each) => each.close(),
        () => undefined,
      );
    },
  };
};
