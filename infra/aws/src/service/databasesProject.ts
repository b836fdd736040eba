import { Stack } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Data } from '../data/dataStack.js';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { Keys } from '../keys/keys.js';
import { LOG_IN_TO_REGISTRY, PULL_IMAGES } from '../naming/actions.js';
import { BUILD_IMAGE, buildSpec } from '../naming/builds.js';
import { DATABASE_ROLES, passwordName } from '../naming/databaseRoles.js';
import { nameOf, REGION, secretArn, secretName } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import { allowing, NO_RESOURCE, OBJECTS } from '../permissions/allowing.js';
import { artifactBucketName, decryptArtifacts } from '../permissions/artifacts.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { DATABASES_COMMANDS } from './databasesCommands.js';

/** Name of the project that runs `npm run databases`. */
export const databasesProjectName = (environment: EnvironmentName): string => nameOf(environment, 'databases');

/**
 * A build project that creates what is missing in Postgres, from inside the VPC. The pipeline runs it before each deployment;
 * it may be repeated.
 */
export const databasesProject = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  { network, data, keys }: { network: Network; data: Data; keys: Keys },
): void => {
  const { account } = Stack.of(scope);
  const name = databasesProjectName(environment);
  const logs = encryptedLogGroup(scope, 'databases-logs', { name: `/ums/${environment}/databases`, size, keys });
  const role = new Role(scope, 'databases-role', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') });
  const allow = allowing(role);
  const administrator = data.postgres.attrMasterUserSecretSecretArn;
  const passwords = DATABASE_ROLES.map((database) => secretName(environment, passwordName(database)));
  allow({
    actions: ['secretsmanager:GetSecretValue'],
    resources: [administrator, ...passwords.map((secret) => secretArn(account, secret))],
  });
  allow({ actions: ['kms:Decrypt'], resources: [keys.secrets.keyArn] });
  allow({ actions: USE_NETWORK, resources: ['*'], pattern: NO_RESOURCE });
  allow({ actions: [LOG_IN_TO_REGISTRY], resources: ['*'], pattern: NO_RESOURCE });
  allow({ actions: PULL_IMAGES, resources: [`arn:aws:ecr:${REGION}:${account}:repository/ums/service`] });
  allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.logGroupArn] });
  allow({
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resources: [`arn:aws:s3:::${artifactBucketName(account)}/*`],
    pattern: OBJECTS,
  });
  allow(decryptArtifacts(account));
  const variable = (name: string, value: string, type = 'PLAINTEXT') => ({ name, value, type });
  new CfnProject(scope, 'databases', {
    name,
    serviceRole: role.roleArn,
    encryptionKey: keys.data.keyArn,
    source: { type: 'CODEPIPELINE', buildSpec: buildSpec(DATABASES_COMMANDS) },
    artifacts: { type: 'CODEPIPELINE' },
    environment: {
      ...BUILD_IMAGE,
      computeType: 'BUILD_GENERAL1_SMALL',
      environmentVariables: [
        variable('POSTGRES_HOST', `${data.postgres.attrEndpointAddress}:${data.postgres.attrEndpointPort}`),
        variable('ADMINISTRATOR_PASSWORD', `${administrator}:password`, 'SECRETS_MANAGER'),
        ...DATABASE_ROLES.map((role, index) =>
          variable(passwordName(role), passwords[index] as string, 'SECRETS_MANAGER'),
        ),
      ],
    },
    vpcConfig: {
      vpcId: network.vpc.vpcId,
      subnets: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [network.groups.builds.securityGroupId],
    },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logs.logGroupName } },
    timeoutInMinutes: 15,
  });
};

/** Actions of CodeBuild on its network interfaces; EC2 has no resource for most of these. */
const USE_NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];
