/** Actions that several roles have for the same purpose. Written out here, so that the stacks cannot change them unseen. */
export const PULL_IMAGES = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetAuthorizationToken',
  'ecr:GetDownloadUrlForLayer',
];

export const OPEN_SESSIONS = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

export const WRITE_LINES = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** Of CodeBuild and Firehose, whose network interfaces are in the VPC. */
export const USE_NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

/** Joins lists of actions, each once and in order. */
export const all = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].sort();
