import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';
import { bucketName } from '../naming/names.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';

export interface Buckets {
  pictures: Bucket;
  checkpoints: Bucket;
}

/** A bucket that nobody reads without permission or without TLS, encrypted under the key of the data. */
export const privateBucket = (scope: Construct, id: string, keys: Keys, props: BucketProps = {}): Bucket =>
  new Bucket(scope, id, {
    encryption: BucketEncryption.KMS,
    encryptionKey: keys.data,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });

/**
 * The buckets of the services. Pictures have no versions: what an erasure deletes is gone. A checkpoint cannot be deleted or
 * replaced by anybody, the account's root included, before its days are over.
 */
export const buckets = (scope: Construct, environment: EnvironmentName, size: EnvironmentSize, keys: Keys): Buckets => {
  const { account } = Stack.of(scope);
  const pictures = privateBucket(scope, 'pictures', keys, {
    bucketName: bucketName(environment, 'pictures', account),
    lifecycleRules: [
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      // The services sweep both folders themselves, and sooner.
      { prefix: 'uploads/', expiration: Duration.days(7) },
      { prefix: 'pending/', expiration: Duration.days(7) },
    ],
  });
  pictures.addToResourcePolicy(readByCloudFront(pictures));
  const checkpoints = privateBucket(scope, 'checkpoints', keys, {
    bucketName: bucketName(environment, 'checkpoints', account),
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(size.checkpointLockDays)),
  });
  return { pictures, checkpoints };
};

/** Any distribution of this account: its ARN is known only in a later stack, which needs the bucket first. */
const readByCloudFront = (bucket: Bucket): PolicyStatement => {
  const { account } = Stack.of(bucket);
  return new PolicyStatement({
    principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects('pictures/*')],
    conditions: { ArnLike: { 'aws:SourceArn': `arn:aws:cloudfront::${account}:distribution/*` } },
  });
};
