/** Actions that several roles need. Tests hold every role to the actions listed for it. */
export const PULL_IMAGES = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
] as const;

/** It has no resource. */
export const LOG_IN_TO_REGISTRY = 'ecr:GetAuthorizationToken';

export const WRITE_LOGS = ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'] as const;

/** Session Manager, which replaces SSH: no port is open for it. These actions have no resource. */
export const OPEN_SESSIONS = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
] as const;
