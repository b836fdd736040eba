import { Stack } from 'aws-cdk-lib';
import { CfnInstanceProfile, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LOG_IN_TO_REGISTRY, OPEN_SESSIONS, PULL_IMAGES, WRITE_LOGS } from '../naming/actions.js';
import { executionRoleName, nameOf, REGION, secretArn } from '../naming/names.js';
import { allowing, NO_RESOURCE, OBJECTS, STREAMS } from '../permissions/allowing.js';
import { containersOf, type FleetName } from '../settings/containers.js';
import { secretSources } from '../settings/secretSources.js';
import type { EnvironmentName } from '../size/environments.js';
import { fleetPermissions, type RoleNeeds } from './fleetPermissions.js';

/** Actions of the agents of ECS and Elastic Beanstalk on an instance. The cluster's name is known only to Elastic Beanstalk. */
const RUN_TASKS = [
  'ecs:DeregisterContainerInstance',
  'ecs:DescribeContainerInstances',
  'ecs:DescribeTasks',
  'ecs:DiscoverPollEndpoint',
  'ecs:Poll',
  'ecs:RegisterContainerInstance',
  'ecs:StartTask',
  'ecs:StartTelemetrySession',
  'ecs:StopTask',
  'ecs:SubmitAttachmentStateChanges',
  'ecs:SubmitContainerStateChange',
  'ecs:SubmitTaskStateChange',
  'elasticbeanstalk:PutInstanceStatistics',
] as const;

/** The role of the instances of a fleet, which its containers have too, as an instance profile. */
export const instanceProfile = (
  scope: Construct,
  environment: EnvironmentName,
  fleet: FleetName,
  needs: RoleNeeds,
): CfnInstanceProfile => {
  const { account } = Stack.of(scope);
  const role = new Role(scope, `${fleet}-role`, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const allow = allowing(role);
  allow({
    actions: [LOG_IN_TO_REGISTRY, ...OPEN_SESSIONS, ...RUN_TASKS],
    resources: ['*'],
    pattern: NO_RESOURCE,
  });
  allow({
    actions: PULL_IMAGES,
    resources: ['service', 'proxy'].map((name) => `arn:aws:ecr:${REGION}:${account}:repository/ums/${name}`),
  });
  const bucket = `arn:aws:s3:::elasticbeanstalk-${REGION}-${account}`;
  allow({ actions: ['s3:ListBucket'], resources: [bucket] });
  allow({ actions: ['s3:GetObject'], resources: [`${bucket}/*`], pattern: OBJECTS });
  allow({ actions: ['s3:PutObject'], resources: [`${bucket}/resources/environments/logs/*`], pattern: OBJECTS });
  allow({
    actions: WRITE_LOGS,
    resources: [
      `arn:aws:logs:${REGION}:${account}:log-group:/ums/${environment}/*`,
      `arn:aws:logs:${REGION}:${account}:log-group:/aws/elasticbeanstalk/${nameOf(environment, fleet)}/*`,
    ],
    pattern: STREAMS,
  });
  for (const permission of fleetPermissions(environment, fleet, account, needs)) allow(permission);
  return new CfnInstanceProfile(scope, `${fleet}-profile`, { roles: [role.roleName] });
};

/** The role with which ECS fetches the secrets of a fleet's containers, and no others. */
export const executionRole = (
  scope: Construct,
  environment: EnvironmentName,
  fleet: FleetName,
  { keys }: Pick<RoleNeeds, 'keys'>,
): Role => {
  const { account } = Stack.of(scope);
  const role = new Role(scope, `${fleet}-execution-role`, {
    roleName: executionRoleName(environment, fleet),
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  const sources = containersOf(fleet).flatMap((container) => secretSources(container, environment));
  const allow = allowing(role);
  allow({
    actions: ['secretsmanager:GetSecretValue'],
    resources: [...new Set(sources.map(({ secret }) => secretArn(account, secret)))],
  });
  allow({
    actions: ['kms:Decrypt'],
    resources: [
      keys.secrets.keyArn,
      ...(sources.some(({ variable }) => variable === 'MASTER_KEY') ? [keys.master.keyArn] : []),
    ],
  });
  return role;
};
