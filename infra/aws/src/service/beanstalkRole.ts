import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { REGION } from '../naming/names.js';
import { allowing, NO_RESOURCE, STREAMS } from '../permissions/allowing.js';
import type { EnvironmentName } from '../size/environments.js';

/** Enhanced health looks at the whole environment; none of these actions has a resource that is known before. */
const WATCH_HEALTH = [
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeAutoScalingInstances',
  'autoscaling:DescribeNotificationConfigurations',
  'autoscaling:DescribeScalingActivities',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstances',
  'ec2:DescribeSecurityGroups',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
];

/** The role with which Elastic Beanstalk watches its environments. Platform updates use a role of AWS's own. */
export const beanstalkRole = (scope: Construct, environment: EnvironmentName): Role => {
  const role = new Role(scope, 'beanstalk-role', {
    assumedBy: new ServicePrincipal('elasticbeanstalk.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': 'elasticbeanstalk' } },
    }),
  });
  const allow = allowing(role);
  allow({ actions: WATCH_HEALTH, resources: ['*'], pattern: NO_RESOURCE });
  allow({
    actions: ['logs:CreateLogGroup', 'logs:DescribeLogGroups', 'logs:PutRetentionPolicy'],
    resources: [
      `arn:aws:logs:${REGION}:${Stack.of(scope).account}:log-group:/aws/elasticbeanstalk/ums-${environment}-*`,
    ],
    pattern: STREAMS,
  });
  return role;
};
