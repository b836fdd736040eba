import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability } from 'aws-cdk-lib/aws-ecr';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { REPOSITORIES } from '../naming/images.js';
import { REGION } from '../naming/names.js';
import { ARTIFACT_KEY_ALIAS, artifactBucketName } from '../permissions/artifacts.js';
import { buildProjects } from './buildProjects.js';
import { DELIVERIES } from './deliveries.js';
import { githubRoles } from './githubRoles.js';
import { pipeline } from './pipeline.js';
import { pipelineRole } from './pipelineRole.js';

/** The way from a commit to production: repositories of images, the pipelines, and the roles with which GitHub starts them. */
export const deliveryStack = (scope: Construct): Stack => {
  const stack = new Stack(scope, 'delivery', { stackName: 'ums-delivery' });
  const key = deliveryKey(stack);
  for (const name of REPOSITORIES) {
    new Repository(stack, name, {
      repositoryName: name,
      imageScanOnPush: true,
      imageTagMutability: TagMutability.IMMUTABLE,
      encryption: RepositoryEncryption.KMS,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.RETAIN,
    }).addLifecycleRule({ maxImageCount: 100 });
  }
  artifactBucket(stack, key);
  const approvals = new Topic(stack, 'approvals', { topicName: 'ums-approvals', masterKey: key, enforceSSL: true });
  const projects = buildProjects(stack, key);
  const artifacts = artifactBucketName(stack.account);
  for (const delivery of DELIVERIES) {
    const { test, image, bundles } = projects;
    const builds = [test, image, ...delivery.environments.map((environment) => bundles[environment])];
    const role = pipelineRole(stack, delivery, { key, approvals, builds });
    pipeline(stack, delivery, { artifacts, key, approvals, projects, role }).node.addDependency(role);
  }
  githubRoles(stack);
  return stack;
};

const artifactBucket = (stack: Stack, key: Key): Bucket =>
  new Bucket(stack, 'artifacts', {
    bucketName: artifactBucketName(stack.account),
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ expiration: Duration.days(180), noncurrentVersionExpiration: Duration.days(30) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });

const deliveryKey = (stack: Stack): Key => {
  const key = new Key(stack, 'key', {
    alias: ARTIFACT_KEY_ALIAS,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${REGION}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${stack.account}:log-group:/ums/delivery/*`,
        },
      },
    }),
  );
  return key;
};
