import { Stack } from 'aws-cdk-lib';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { REGION } from '../naming/names.js';
import { allowing, NO_RESOURCE } from '../permissions/allowing.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { BACKUP_TAG } from './eventStoreNode.js';

/** A snapshot of each volume of the event log, once a day, kept for as long as the backups of the vault. */
export const eventStoreBackups = (
  scope: Construct,
  environment: EnvironmentName,
  { backupDays }: EnvironmentSize,
): void => {
  const role = new Role(scope, 'backup-role', { assumedBy: new ServicePrincipal('dlm.amazonaws.com') });
  const allow = allowing(role);
  allow({ actions: ['ec2:DescribeSnapshots', 'ec2:DescribeVolumes'], resources: ['*'], pattern: NO_RESOURCE });
  allow({
    actions: ['ec2:CreateSnapshot', 'ec2:CreateTags', 'ec2:DeleteSnapshot'],
    resources: [`arn:aws:ec2:${REGION}::snapshot/*`, `arn:aws:ec2:${REGION}:${Stack.of(scope).account}:volume/*`],
    pattern: 'snapshots are made at run time, and volumes are found by their tag',
  });
  new CfnLifecyclePolicy(scope, 'backups', {
    description: `event log of ${environment}`,
    state: 'ENABLED',
    executionRoleArn: role.roleArn,
    policyDetails: {
      resourceTypes: ['VOLUME'],
      targetTags: [{ key: BACKUP_TAG, value: environment }],
      schedules: [
        {
          name: 'daily',
          copyTags: true,
          createRule: { interval: 24, intervalUnit: 'HOURS', times: ['03:00'] },
          retainRule: { interval: backupDays, intervalUnit: 'DAYS' },
        },
      ],
    },
  });
};
