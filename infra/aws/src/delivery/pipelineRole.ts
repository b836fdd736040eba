import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { REGION } from '../naming/names.js';
import { allowing, OBJECTS } from '../permissions/allowing.js';
import { artifactBucketName } from '../permissions/artifacts.js';
import { rollbackAlarms } from '../service/alarms.js';
import { databasesProjectName } from '../service/databasesProject.js';
import { beanstalkPermissions } from './beanstalkPermissions.js';
import type { Delivery } from './deliveries.js';
import { SOURCE } from './source.js';

interface Needs {
  key: Key;
  approvals: Topic;
  /** Names of the build projects of the pipeline, without those that create databases. */
  builds: readonly string[];
}

/** What a pipeline may do, in the environments that it deploys to. */
export const pipelineRole = (
  scope: Construct,
  { pipeline, environments }: Delivery,
  { key, approvals, builds }: Needs,
): Role => {
  const { account } = Stack.of(scope);
  const role = new Role(scope, `${pipeline}-role`, { assumedBy: new ServicePrincipal('codepipeline.amazonaws.com') });
  const allow = allowing(role);
  const artifacts = `arn:aws:s3:::${artifactBucketName(account)}`;
  allow({ actions: ['s3:GetBucketVersioning', 's3:ListBucket'], resources: [artifacts] });
  allow({
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
    resources: [`${artifacts}/*`],
    pattern: OBJECTS,
  });
  allow({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] });
  allow({ actions: ['codestar-connections:UseConnection'], resources: [SOURCE.connectionArn] });
  allow({
    actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
    resources: [...builds, ...environments.map(databasesProjectName)].map(
      (name) => `arn:aws:codebuild:${REGION}:${account}:project/${name}`,
    ),
  });
  if (environments.length > 1) allow({ actions: ['sns:Publish'], resources: [approvals.topicArn] });
  allow({
    actions: ['cloudwatch:DescribeAlarms'],
    resources: environments
      .flatMap(rollbackAlarms)
      .map((name) => `arn:aws:cloudwatch:${REGION}:${account}:alarm:${name}`),
  });
  for (const permission of beanstalkPermissions(account, environments)) allow(permission);
  return role;
};
