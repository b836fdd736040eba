import { Duration, Stack } from 'aws-cdk-lib';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogStream } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { privateBucket } from '../data/buckets.js';
import type { Data } from '../data/dataStack.js';
import { searchArn } from '../data/search.js';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { Keys } from '../keys/keys.js';
import { bucketName, nameOf } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { deliveryRole } from './deliveryRole.js';

/** Indexes `ums-lines-<date>`. The data stream `logs-ums` is not used: Firehose cannot write to a data stream. */
const INDEX = 'ums-lines';

/** Unpacks what CloudWatch Logs sends: batches under gzip, with the lines as their messages. */
const PROCESSORS = [
  { type: 'Decompression', parameters: [{ parameterName: 'CompressionFormat', parameterValue: 'GZIP' }] },
  {
    type: 'CloudWatchLogProcessing',
    parameters: [{ parameterName: 'DataMessageExtraction', parameterValue: 'true' }],
  },
];

interface Needs {
  network: Network;
  keys: Keys;
  data: Data;
}

/** Firehose: brings lines to OpenSearch, and keeps those that OpenSearch refused in a bucket. */
export const lineDelivery = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  { network, keys, data }: Needs,
): CfnDeliveryStream => {
  const { account } = Stack.of(scope);
  const failed = privateBucket(scope, 'failed-lines', keys, {
    bucketName: bucketName(environment, 'failed-lines', account),
    lifecycleRules: [{ expiration: Duration.days(size.logDays) }],
  });
  const logs = encryptedLogGroup(scope, 'firehose', { name: `/ums/${environment}/firehose`, size, keys });
  const stream = (name: string) =>
    new LogStream(scope, `firehose-${name}`, { logGroup: logs, logStreamName: name }).logStreamName;
  const logging = (name: string) => ({ enabled: true, logGroupName: logs.logGroupName, logStreamName: stream(name) });
  const role = deliveryRole(scope, {
    failed: bucketName(environment, 'failed-lines', account),
    keys,
    search: searchArn(environment, account),
    logs,
  });
  const delivery = new CfnDeliveryStream(scope, 'lines', {
    deliveryStreamName: nameOf(environment, 'logs'),
    deliveryStreamType: 'DirectPut',
    deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: keys.data.keyArn },
    amazonopensearchserviceDestinationConfiguration: {
      domainArn: data.search.attrArn,
      indexName: INDEX,
      indexRotationPeriod: 'OneDay',
      roleArn: role.roleArn,
      bufferingHints: { intervalInSeconds: 60, sizeInMBs: 5 },
      retryOptions: { durationInSeconds: 300 },
      processingConfiguration: { enabled: true, processors: PROCESSORS },
      cloudWatchLoggingOptions: logging('lines'),
      vpcConfiguration: {
        roleArn: role.roleArn,
        securityGroupIds: [network.groups.firehose.securityGroupId],
        subnetIds: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      },
      s3BackupMode: 'FailedDocumentsOnly',
      s3Configuration: {
        bucketArn: failed.bucketArn,
        roleArn: role.roleArn,
        compressionFormat: 'GZIP',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: keys.data.keyArn } },
        cloudWatchLoggingOptions: logging('backup'),
      },
    },
  });
  delivery.node.addDependency(role);
  return delivery;
};
