import { Stack } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { BUILD_IMAGE } from '../naming/builds.js';
import { allowing, OBJECTS, type Permission } from '../permissions/allowing.js';
import { artifactBucketName } from '../permissions/artifacts.js';
import { SOURCE } from './source.js';

export interface BuildOptions {
  key: Key;
  /** Build specification in JSON. */
  specification: string;
  permissions?: readonly Permission[];
}

/** A project that the pipeline runs, with a role of its own. @returns its name, `ums-<name>`. */
export const buildProject = (scope: Construct, name: string, options: BuildOptions): string => {
  const { key, specification, permissions = [] } = options;
  const { account } = Stack.of(scope);
  const projectName = `ums-${name}`;
  const logs = new LogGroup(scope, `${name}-logs`, {
    logGroupName: `/ums/delivery/${name}`,
    encryptionKey: key,
    retention: 90,
  });
  const role = new Role(scope, `${name}-role`, { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') });
  const allow = allowing(role);
  allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.logGroupArn] });
  allow({
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
    resources: [`arn:aws:s3:::${artifactBucketName(account)}/*`],
    pattern: OBJECTS,
  });
  allow({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] });
  allow({ actions: ['codestar-connections:UseConnection'], resources: [SOURCE.connectionArn] });
  for (const permission of permissions) allow(permission);
  new CfnProject(scope, `${name}-project`, {
    name: projectName,
    serviceRole: role.roleArn,
    encryptionKey: key.keyArn,
    source: { type: 'CODEPIPELINE', buildSpec: specification },
    artifacts: { type: 'CODEPIPELINE' },
    environment: {
      ...BUILD_IMAGE,
      computeType: 'BUILD_GENERAL1_LARGE',
      environmentVariables: [{ name: 'ACCOUNT', value: account }],
    },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logs.logGroupName } },
    timeoutInMinutes: 90,
  });
  return projectName;
};
