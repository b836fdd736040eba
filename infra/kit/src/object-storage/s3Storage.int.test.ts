import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { startS3 } from '@ums/embedded/s3/startS3';
import { atEndOfFile, temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { createBucket } from '../../../engines/test/bucketOn.js';
import { describeOnOwn } from '../../../engines/test/describeOn.js';
import { ownVersitygw } from '../../../engines/test/engineForTests.js';
import { aPrefix, listed } from '../../test/objectStorageContract.js';
import { s3ServerContract } from '../../test/s3ServerContract.js';
import { type S3Access, s3Client } from './s3Client.js';
import { openS3Storage } from './s3Storage.js';

s3ServerContract('the embedded S3', async () => {
  const { access, close } = await startS3({ folder: await temporaryFolder('ums-s3-') });
  atEndOfFile(close);
  return access;
});

describeOnOwn(['versitygw'], 'versitygw', () => {
  let access: S3Access;
  s3ServerContract('versitygw', async () => {
    access = await createBucket(await ownVersitygw());
    return access;
  });

  it('locks an object until a time, in a bucket with object lock, and refuses to in another', async () => {
    const locking = { ...access, bucket: 'locked-files' };
    const client = s3Client(locking, 10_000);
    const { bucket: Bucket } = locking;
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const storage = openS3Storage(locking, { timeoutMs: 10_000 });
    const options = { contentType: 'text/plain', maxBytes: 10, lockedUntil: new Date(Date.now() + 600_000) };
    await storage.put('locked', Buffer.from('content'), options);
    expect(await storage.head('locked')).toMatchObject({ size: 7 });
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const [{ VersionId } = {}] = Versions;
    const removal = client.send(new DeleteObjectCommand({ Bucket, Key: 'locked', VersionId }));
    await expect(removal).rejects.toMatchObject({ name: 'AccessDenied' });
    const other = openS3Storage(access, { timeoutMs: 10_000 });
    await expect(other.put('locked', Buffer.from('content'), options)).rejects.toMatchObject({
      name: 'DependencyUnavailable',
    });
    for (const each of [storage, other]) each.close();
    client.destroy();
  });

  it('deletes all versions of the objects of a prefix where the bucket keeps versions', async () => {
    const client = s3Client(access, 10_000);
    const storage = openS3Storage(access, { timeoutMs: 10_000 });
    const { bucket: Bucket } = access;
    const prefix = aPrefix();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const versions = async () => {
      const { Versions = [], DeleteMarkers = [] } = await client.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: prefix }),
      );
      return Versions.length + DeleteMarkers.length;
    };
    const options = { contentType: 'image/webp', maxBytes: 10 };
    for (const content of ['first', 'second']) await storage.put(`${prefix}a`, Buffer.from(content), options);
    await storage.put(`${prefix}b`, Buffer.from('first'), options);
    await storage.delete(`${prefix}b`);
    expect(await versions()).toBe(4);
    expect(await storage.deleteAll(prefix)).toBe(4);
    expect([await versions(), await listed(storage.list(prefix))]).toEqual([0, []]);
    storage.close();
    client.destroy();
  });
});
