import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { nameOf } from '../naming/names.js';
import type { EnvironmentName } from '../size/environments.js';
import { createKeys, type Keys } from './keys.js';
import { type ServiceSecrets, serviceSecrets } from './serviceSecrets.js';

export interface KeyStore {
  keys: Keys;
  secrets: ServiceSecrets;
}

/** The keys and secrets of an environment: the first stack, on which all others depend. */
export const keysStack = (scope: Construct, environment: EnvironmentName): KeyStore => {
  const stack = new Stack(scope, 'keys', { stackName: nameOf(environment, 'keys') });
  const keys = createKeys(stack, environment);
  return { keys, secrets: serviceSecrets(stack, environment, keys) };
};
