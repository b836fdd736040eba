import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';
import { allowing, NO_RESOURCE, OBJECTS } from '../permissions/allowing.js';

interface Targets {
  /** Name of the bucket of failed lines. */
  failed: string;
  keys: Keys;
  /** ARN of the domain. */
  search: string;
  logs: LogGroup;
}

/** Its network interfaces are in the VPC; EC2 has no resource for most of these. */
const USE_NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcAttribute',
  'ec2:DescribeVpcs',
];

/** What Firehose may do to deliver lines. */
export const deliveryRole = (scope: Construct, { failed, keys, search, logs }: Targets): Role => {
  const role = new Role(scope, 'delivery-role', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
  const allow = allowing(role);
  const bucket = `arn:aws:s3:::${failed}`;
  allow({ actions: USE_NETWORK, resources: ['*'], pattern: NO_RESOURCE });
  allow({
    actions: ['es:DescribeDomain', 'es:DescribeDomainConfig', 'es:DescribeDomains'],
    resources: [search],
  });
  allow({
    actions: ['es:ESHttpGet', 'es:ESHttpPost', 'es:ESHttpPut'],
    resources: [`${search}/*`],
    pattern: 'Firehose asks for the state of nodes and writes to an index of each day',
  });
  allow({ actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], resources: [bucket] });
  allow({
    actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    resources: [`${bucket}/*`],
    pattern: OBJECTS,
  });
  allow({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keys.data.keyArn] });
  allow({ actions: ['logs:PutLogEvents'], resources: [logs.logGroupArn] });
  return role;
};
