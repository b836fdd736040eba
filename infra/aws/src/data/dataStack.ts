import { Stack } from 'aws-cdk-lib';
import type { CfnCluster } from 'aws-cdk-lib/aws-msk';
import type { CfnDomain } from 'aws-cdk-lib/aws-opensearchservice';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { KeyStore } from '../keys/keysStack.js';
import { nameOf } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { type Buckets, buckets } from './buckets.js';
import { databaseUrls } from './databaseUrls.js';
import { eventStore, eventStoreHosts } from './eventStore.js';
import { eventStoreBackups } from './eventStoreBackups.js';
import { eventStoreUrl } from './eventStoreUrl.js';
import { kafka } from './kafka.js';
import { postgres } from './postgres.js';
import { search } from './search.js';

export interface Data extends Buckets {
  postgres: CfnDBInstance;
  kafka: CfnCluster;
  search: CfnDomain;
}

/** Everything that holds data: Postgres, the event log, Kafka, OpenSearch and the buckets. None of it is public. */
export const dataStack = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  needs: KeyStore & { network: Network },
): Data => {
  const stack = new Stack(scope, 'data', { stackName: nameOf(environment, 'data') });
  const server = postgres(stack, environment, size, needs);
  databaseUrls(stack, environment, server, needs);
  eventStore(stack, environment, size, needs);
  eventStoreBackups(stack, environment, size);
  eventStoreUrl(stack, environment, eventStoreHosts(environment, size), needs);
  return {
    postgres: server,
    kafka: kafka(stack, environment, size, needs),
    search: search(stack, environment, size, needs),
    ...buckets(stack, environment, size, needs.keys),
  };
};
