import { all, USE_NETWORK, WRITE_LINES } from './groups.js';

export const LOG_ROLES = {
  'logs/deliveryrole': all(USE_NETWORK, [
    'ec2:DescribeVpcAttribute',
    'es:DescribeDomain',
    'es:DescribeDomainConfig',
    'es:DescribeDomains',
    'es:ESHttpGet',
    'es:ESHttpPost',
    'es:ESHttpPut',
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'logs:PutLogEvents',
    's3:AbortMultipartUpload',
    's3:GetBucketLocation',
    's3:GetObject',
    's3:ListBucket',
    's3:ListBucketMultipartUploads',
    's3:PutObject',
  ]),
  'logs/subscriptionrole': ['firehose:PutRecord', 'firehose:PutRecordBatch'],
  'network/vpcrejectedIAMRole': all(WRITE_LINES, ['logs:DescribeLogStreams']),
};
