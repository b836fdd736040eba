import { executionRoleName, nameOf, REGION } from '../naming/names.js';
import { NO_RESOURCE, OBJECTS, type Permission } from '../permissions/allowing.js';
import { FLEETS } from '../settings/containers.js';
import { DELIVERED } from './environments.js';

/**
 * Elastic Beanstalk changes the resources of an environment with the rights of who deploys: an immutable deployment makes an
 * Auto Scaling group, a task definition and rules of the balancer. These actions take no resource that is known before, or
 * take one whose name Elastic Beanstalk makes up.
 */
const CHANGE_ENVIRONMENTS = [
  'autoscaling:AttachInstances',
  'autoscaling:CreateAutoScalingGroup',
  'autoscaling:DeleteAutoScalingGroup',
  'autoscaling:DeletePolicy',
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeAutoScalingInstances',
  'autoscaling:DescribeScalingActivities',
  'autoscaling:DetachInstances',
  'autoscaling:PutScalingPolicy',
  'autoscaling:ResumeProcesses',
  'autoscaling:SuspendProcesses',
  'autoscaling:TerminateInstanceInAutoScalingGroup',
  'autoscaling:UpdateAutoScalingGroup',
  'ec2:CreateLaunchTemplate',
  'ec2:CreateLaunchTemplateVersion',
  'ec2:CreateTags',
  'ec2:DeleteLaunchTemplate',
  'ec2:DescribeImages',
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:DescribeLaunchTemplates',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:RunInstances',
  'ecs:DeregisterTaskDefinition',
  'ecs:DescribeClusters',
  'ecs:DescribeTaskDefinition',
  'ecs:RegisterTaskDefinition',
  'elasticloadbalancing:DeregisterTargets',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:ModifyTargetGroupAttributes',
  'elasticloadbalancing:RegisterTargets',
];

const CHANGE_STACKS = [
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStackResource',
  'cloudformation:DescribeStackResources',
  'cloudformation:DescribeStacks',
  'cloudformation:GetTemplate',
  'cloudformation:UpdateStack',
];

const DEPLOY = [
  'elasticbeanstalk:CreateApplicationVersion',
  'elasticbeanstalk:DescribeApplicationVersions',
  'elasticbeanstalk:DescribeEnvironments',
  'elasticbeanstalk:DescribeEvents',
  'elasticbeanstalk:UpdateEnvironment',
];

const IN_REGION = { StringEquals: { 'aws:RequestedRegion': REGION } };

const passedTo = (service: string) => ({ StringEquals: { 'iam:PassedToService': service } });

/** What Elastic Beanstalk does with the rights of the pipeline. */
export const beanstalkPermissions = (account: string): readonly Permission[] => {
  const versions = `arn:aws:s3:::elasticbeanstalk-${REGION}-${account}`;
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  const named = 'versions and environments of one application';
  return [
    {
      actions: DEPLOY,
      resources: DELIVERED.map((environment) => nameOf(environment, 'users')).flatMap((application) => [
        `arn:aws:elasticbeanstalk:${REGION}:${account}:application/${application}`,
        `arn:aws:elasticbeanstalk:${REGION}:${account}:applicationversion/${application}/*`,
        `arn:aws:elasticbeanstalk:${REGION}:${account}:environment/${application}/*`,
      ]),
      pattern: named,
    },
    {
      actions: CHANGE_STACKS,
      resources: [`arn:aws:cloudformation:${REGION}:${account}:stack/awseb-e-*/*`],
      pattern: 'Elastic Beanstalk names the stacks of its environments awseb-e-<id>',
    },
    { actions: CHANGE_ENVIRONMENTS, resources: ['*'], conditions: IN_REGION, pattern: NO_RESOURCE },
    { actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [versions] },
    {
      actions: ['s3:GetObject', 's3:GetObjectAcl', 's3:PutObject', 's3:PutObjectAcl'],
      resources: [`${versions}/*`],
      pattern: OBJECTS,
    },
    {
      actions: ['iam:PassRole'],
      resources: DELIVERED.flatMap((environment) => FLEETS.map((fleet) => role(executionRoleName(environment, fleet)))),
      conditions: passedTo('ecs-tasks.amazonaws.com'),
    },
    {
      actions: ['iam:PassRole'],
      resources: DELIVERED.map((environment) => role(`${nameOf(environment, 'service')}-*`)),
      conditions: passedTo('ec2.amazonaws.com'),
      pattern: 'CloudFormation names the roles of instances after the stack that makes them',
    },
  ];
};
