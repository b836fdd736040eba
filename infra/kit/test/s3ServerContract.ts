import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import type { S3Access } from '@ums/kit/object-storage/s3Client';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { objectLinkTests } from './objectLinkTests.js';
import { aPrefix, listed, objectStorageContract } from './objectStorageContract.js';

const PICTURE = { contentType: 'image/webp', maxBytes: 5_000_000 };

/** Tests that every S3 server must pass with our client. */
export const s3ServerContract = (name: string, start: () => Promise<S3Access>): void => {
  describe(name, () => {
    let access: S3Access;
    let storage: ObjectStorage;
    beforeAll(async () => {
      access = await start();
      // Longer than a busy machine takes for a call.
      storage = openS3Storage(access, { timeoutMs: 10_000 });
    }, 600_000);
    afterAll(() => storage.close());

    objectStorageContract(() => storage);
    objectLinkTests(() => ({ access, storage }));

    it('is unavailable with other credentials, and without the bucket', async () => {
      const { accessKeyId = '', secretAccessKey = '' } = access.credentials ?? {};
      const wrong: Partial<S3Access>[] = [
        { credentials: { accessKeyId, secretAccessKey: `${secretAccessKey}x` } },
        { credentials: { accessKeyId: 'unknown', secretAccessKey } },
        { bucket: 'other-files' },
      ];
      for (const changes of wrong) {
        const other = openS3Storage({ ...access, ...changes });
        await expect(other.put(`${aPrefix()}a`, Buffer.from('a'), PICTURE)).rejects.toThrow(DependencyUnavailable);
        await expect(other.get(`${aPrefix()}a`)).rejects.toThrow(DependencyUnavailable);
        await expect(listed(other.list(aPrefix()))).rejects.toThrow(DependencyUnavailable);
        other.close();
      }
    });
  });
};
