import { all, OPEN_SESSIONS, PULL_IMAGES, WRITE_LINES } from './groups.js';

export const DATA_ROLES = {
  'data/backuprole': [
    'ec2:CreateSnapshot',
    'ec2:CreateTags',
    'ec2:DeleteSnapshot',
    'ec2:DescribeSnapshots',
    'ec2:DescribeVolumes',
  ],
  'data/eventstorerole': all(PULL_IMAGES, OPEN_SESSIONS, WRITE_LINES, [
    'kms:Decrypt',
    'logs:DescribeLogStreams',
    'secretsmanager:GetSecretValue',
  ]),
  'data/postgresmonitoring': all(WRITE_LINES, ['logs:CreateLogGroup', 'logs:PutRetentionPolicy']),
};
