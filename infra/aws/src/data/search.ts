import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { CfnDomain } from 'aws-cdk-lib/aws-opensearchservice';
import type { Construct } from 'constructs';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { Keys } from '../keys/keys.js';
import { nameOf, REGION } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';

const searchName = (environment: EnvironmentName): string => nameOf(environment, 'logs');

/** ARN of the domain of an environment. */
export const searchArn = (environment: EnvironmentName, account: string): string =>
  `arn:aws:es:${REGION}:${account}:domain/${searchName(environment)}`;

/**
 * OpenSearch for log lines, inside the VPC. Requests are signed: the policy admits the account, and IAM says which of its
 * roles may do what.
 */
export const search = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  { network, keys }: { network: Network; keys: Keys },
): CfnDomain => {
  const { account } = Stack.of(scope);
  const domainName = searchName(environment);
  const { instance, nodes, volumeGb } = size.search;
  const logs = encryptedLogGroup(scope, 'search-logs', { name: `/ums/${environment}/search`, size, keys });
  const writing = new CfnResourcePolicy(scope, 'search-log-policy', {
    policyName: nameOf(environment, 'search-logs'),
    policyDocument: Stack.of(scope).toJsonString(
      new PolicyDocument({
        statements: [
          new PolicyStatement({
            principals: [new ServicePrincipal('es.amazonaws.com')],
            actions: ['logs:PutLogEvents', 'logs:CreateLogStream'],
            resources: [logs.logGroupArn],
            conditions: { StringEquals: { 'aws:SourceAccount': account } },
          }),
        ],
      }),
    ),
  });
  const publishing = { enabled: true, cloudWatchLogsLogGroupArn: logs.logGroupArn };
  const domain = new CfnDomain(scope, 'search', {
    domainName,
    engineVersion: 'OpenSearch_2.19',
    clusterConfig: {
      instanceType: instance,
      instanceCount: nodes,
      dedicatedMasterEnabled: false,
      zoneAwarenessEnabled: true,
      zoneAwarenessConfig: { availabilityZoneCount: size.zones },
    },
    ebsOptions: { ebsEnabled: true, volumeType: 'gp3', volumeSize: volumeGb },
    vpcOptions: {
      subnetIds: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [network.groups.search.securityGroupId],
    },
    encryptionAtRestOptions: { enabled: true, kmsKeyId: keys.data.keyId },
    nodeToNodeEncryptionOptions: { enabled: true },
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
    accessPolicies: new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [new AccountRootPrincipal()],
          actions: ['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost', 'es:ESHttpPut', 'es:ESHttpDelete'],
          resources: [`${searchArn(environment, account)}/*`],
        }),
      ],
    }),
    logPublishingOptions: {
      ES_APPLICATION_LOGS: publishing,
      SEARCH_SLOW_LOGS: publishing,
      INDEX_SLOW_LOGS: publishing,
    },
  });
  domain.addResourceDependency(writing);
  domain.applyRemovalPolicy(size.protected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
  return domain;
};
