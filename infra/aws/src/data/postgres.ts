import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';
import { ADMINISTRATOR } from '../naming/administrator.js';
import { nameOf, REGION } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import { allowing, STREAMS } from '../permissions/allowing.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';

/**
 * One server with the two databases of the services, `vault` and `users`; `npm run databases` creates both. RDS makes the
 * password of the administrator, keeps it in Secrets Manager and replaces it every week.
 */
export const postgres = (
  scope: Construct,
  environment: EnvironmentName,
  { postgres: size, backupDays, protected: isProtected }: EnvironmentSize,
  { network, keys }: { network: Network; keys: Keys },
): CfnDBInstance => {
  const subnets = new CfnDBSubnetGroup(scope, 'postgres-subnets', {
    dbSubnetGroupDescription: 'private subnets',
    subnetIds: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
  });
  const parameters = new CfnDBParameterGroup(scope, 'postgres-parameters', {
    family: 'postgres16',
    description: 'TLS only; no statement, parameter or row in the log, because they hold personal data',
    parameters: {
      'rds.force_ssl': '1',
      log_statement: 'none',
      log_min_duration_statement: '-1',
      log_error_verbosity: 'terse',
      log_min_error_statement: 'panic',
      log_parameter_max_length: '0',
      log_parameter_max_length_on_error: '0',
    },
  });
  const monitoring = new Role(scope, 'postgres-monitoring', {
    assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com'),
  });
  const group = `arn:aws:logs:${REGION}:${Stack.of(scope).account}:log-group:RDSOSMetrics`;
  allowing(monitoring)({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:PutRetentionPolicy'],
    resources: [group, `${group}:log-stream:*`],
    pattern: STREAMS,
  });
  const server = new CfnDBInstance(scope, 'postgres', {
    dbInstanceIdentifier: nameOf(environment, 'postgres'),
    engine: 'postgres',
    engineVersion: '16',
    autoMinorVersionUpgrade: true,
    dbInstanceClass: size.instance,
    multiAz: size.multiAz,
    storageType: 'gp3',
    allocatedStorage: String(size.storageGb),
    maxAllocatedStorage: size.storageGb * 4,
    storageEncrypted: true,
    kmsKeyId: keys.data.keyArn,
    masterUsername: ADMINISTRATOR,
    manageMasterUserPassword: true,
    masterUserSecret: { kmsKeyId: keys.secrets.keyArn },
    publiclyAccessible: false,
    dbSubnetGroupName: subnets.ref,
    vpcSecurityGroups: [network.groups.postgres.securityGroupId],
    dbParameterGroupName: parameters.ref,
    enableIamDatabaseAuthentication: true,
    backupRetentionPeriod: backupDays,
    copyTagsToSnapshot: true,
    deletionProtection: isProtected,
    enablePerformanceInsights: true,
    performanceInsightsKmsKeyId: keys.data.keyArn,
    monitoringInterval: 60,
    monitoringRoleArn: monitoring.roleArn,
    enableCloudwatchLogsExports: ['postgresql'],
  });
  server.applyRemovalPolicy(isProtected ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY);
  return server;
};
