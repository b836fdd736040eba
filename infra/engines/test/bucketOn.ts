import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { type S3Access, s3Client } from '@ums/kit/object-storage/s3Client';
import type { Versitygw } from '../src/versitygw/startVersitygw.js';

const BUCKET = 'user-files';

/** How to reach the bucket that {@link createBucket} has created on a gateway. */
export const bucketOn = ({ url, credentials }: Versitygw): S3Access & { bucket: string } => ({
  endpoint: url,
  region: 'us-east-1',
  bucket: BUCKET,
  credentials,
});

export const createBucket = async (gateway: Versitygw): Promise<S3Access> => {
  const access = bucketOn(gateway);
  const client = s3Client(access, 10_000);
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  return access;
};
