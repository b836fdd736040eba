import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';

/** The queue of notices that the service did not take within the retries of SNS. A notice holds an address. */
export const undeliveredNotices = (scope: Construct, keys: Keys): Queue =>
  new Queue(scope, 'undelivered', {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: keys.topics,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
