import { all, OPEN_SESSIONS, PULL_IMAGES, USE_NETWORK, WRITE_LINES } from './groups.js';

/** What every instance does: fetch images, run containers, send lines, say how it is. */
const INSTANCE = all(PULL_IMAGES, OPEN_SESSIONS, WRITE_LINES, [
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
  'logs:DescribeLogStreams',
  's3:GetObject',
  's3:ListBucket',
  's3:PutObject',
]);

const KEEP_FILES = [
  'kms:Decrypt',
  'kms:GenerateDataKey',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:ListBucketVersions',
];

/** Of ECS, for the containers of a fleet. */
const FETCH_SECRETS = ['kms:Decrypt', 'secretsmanager:GetSecretValue'];

export const SERVICE_ROLES = {
  'service/apiexecutionrole': FETCH_SECRETS,
  'service/apirole': all(INSTANCE, KEEP_FILES),
  'service/beanstalkrole': [
    'autoscaling:DescribeAutoScalingGroups',
    'autoscaling:DescribeAutoScalingInstances',
    'autoscaling:DescribeNotificationConfigurations',
    'autoscaling:DescribeScalingActivities',
    'ec2:DescribeInstanceStatus',
    'ec2:DescribeInstances',
    'ec2:DescribeSecurityGroups',
    'elasticbeanstalk:DeleteApplicationVersion',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'logs:CreateLogGroup',
    'logs:DescribeLogGroups',
    'logs:PutRetentionPolicy',
    's3:DeleteObject',
  ],
  'service/databasesrole': all(USE_NETWORK, PULL_IMAGES, WRITE_LINES, [
    'ec2:DescribeDhcpOptions',
    'kms:Decrypt',
    's3:GetObject',
    's3:GetObjectVersion',
    'secretsmanager:GetSecretValue',
  ]),
  'service/notaryexecutionrole': FETCH_SECRETS,
  'service/notaryrole': all(INSTANCE, ['kms:Decrypt', 'kms:GenerateDataKey', 's3:PutObjectRetention']),
  'service/notifierexecutionrole': FETCH_SECRETS,
  'service/notifierrole': all(INSTANCE, KEEP_FILES, ['ses:SendEmail']),
  'service/projectorexecutionrole': FETCH_SECRETS,
  'service/projectorrole': INSTANCE,
};
