import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentSize } from '../size/environments.js';
import type { Keys } from './keys.js';

export interface LogGroupOptions {
  name: string;
  size: EnvironmentSize;
  keys: Keys;
}

/** A log group that forgets its lines after the days that the size says. */
export const encryptedLogGroup = (scope: Construct, id: string, { name, size, keys }: LogGroupOptions): LogGroup =>
  new LogGroup(scope, id, {
    logGroupName: name,
    encryptionKey: keys.logs,
    retention: size.logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
