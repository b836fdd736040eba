import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { KeyStore } from '../keys/keysStack.js';
import { secretReference } from '../keys/secretReference.js';
import { secretName } from '../naming/names.js';

/** EVENTSTORE_URL as a secret. Every service follows `$all`, which the log shows to its administrators only. */
export const eventStoreUrl = (
  scope: Construct,
  environment: Parameters<typeof secretName>[0],
  hosts: readonly string[],
  { keys, secrets }: KeyStore,
): void => {
  const password = secretReference(secrets.passwords.eventStore);
  const nodes = hosts.map((host) => `${host}:2113`).join(',');
  new CfnSecret(scope, 'EVENTSTORE_URL', {
    name: secretName(environment, 'EVENTSTORE_URL'),
    kmsKeyId: keys.secrets.keyArn,
    secretString: `esdb://admin:${password}@${nodes}?tls=true`,
  }).applyRemovalPolicy(RemovalPolicy.RETAIN);
};
