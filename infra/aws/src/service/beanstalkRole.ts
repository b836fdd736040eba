import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { nameOf, REGION } from '../naming/names.js';
import { allowing, NO_RESOURCE, OBJECTS, STREAMS } from '../permissions/allowing.js';
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

/** The role with which Elastic Beanstalk watches its environments and deletes old versions. Platform updates use a role of AWS's own. */
export const beanstalkRole = (scope: Construct, environment: EnvironmentName): Role => {
  const role = new Role(scope, 'beanstalk-role', {
    assumedBy: new ServicePrincipal('elasticbeanstalk.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': 'elasticbeanstalk' } },
    }),
  });
  const { account } = Stack.of(scope);
  const allow = allowing(role);
  allow({ actions: WATCH_HEALTH, resources: ['*'], pattern: NO_RESOURCE });
  allow({
    actions: ['elasticbeanstalk:DeleteApplicationVersion'],
    resources: [`arn:aws:elasticbeanstalk:${REGION}:${account}:applicationversion/${nameOf(environment, 'users')}/*`],
    pattern: 'versions of one application, of which the oldest are deleted',
  });
  allow({
    actions: ['s3:DeleteObject'],
    resources: [`arn:aws:s3:::elasticbeanstalk-${REGION}-${account}/*`],
    pattern: OBJECTS,
  });
  allow({
    actions: ['logs:CreateLogGroup', 'logs:DescribeLogGroups', 'logs:PutRetentionPolicy'],
    resources: [`arn:aws:logs:${REGION}:${account}:log-group:/aws/elasticbeanstalk/ums-${environment}-*`],
    pattern: STREAMS,
  });
  return role;
};
