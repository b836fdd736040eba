import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { nameOf, REGION } from '../naming/names.js';
import type { EnvironmentName } from '../size/environments.js';
import { masterKeyPolicy } from './masterKeyPolicy.js';

/** Keys by what they encrypt. Each is replaced by AWS once a year; what was encrypted before stays readable. */
export interface Keys {
  /** Databases, volumes, brokers, buckets. */
  data: Key;
  logs: Key;
  /** Notifications: alarms, bounces. */
  topics: Key;
  secrets: Key;
  /** The secret MASTER_KEY alone: who administers the account can manage this key, but not decrypt with it. */
  master: Key;
}

/** The services that use a key for others than the caller, with the actions that they need. */
const SERVICE_USES = {
  data: [['cloudfront.amazonaws.com', ['kms:Decrypt']]],
  logs: [[`logs.${REGION}.amazonaws.com`, ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey']]],
  topics: [
    ['cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['ses.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['sns.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']],
  ],
  secrets: [],
} as const;

export const createKeys = (scope: Construct, environment: EnvironmentName): Keys => {
  const key = (name: keyof typeof SERVICE_USES): Key => {
    const created = new Key(scope, `${name}-key`, { ...options(environment, name) });
    for (const [service, actions] of SERVICE_USES[name])
      created.addToResourcePolicy(allow(service, actions, Stack.of(scope).account));
    return created;
  };
  return {
    data: key('data'),
    logs: key('logs'),
    topics: key('topics'),
    secrets: key('secrets'),
    master: new Key(scope, 'master-key', {
      ...options(environment, 'master'),
      policy: masterKeyPolicy(Stack.of(scope), environment),
    }),
  };
};

const options = (environment: EnvironmentName, name: string) => ({
  alias: nameOf(environment, name),
  enableKeyRotation: true,
  pendingWindow: Duration.days(30),
  removalPolicy: RemovalPolicy.RETAIN,
});

/** Each service says in its own way for which account it acts. */
const conditionOf = (service: string, account: string): Conditions => {
  if (service.startsWith('logs.'))
    return { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${account}:log-group:/ums/*` } };
  if (service.startsWith('cloudfront.'))
    return { ArnLike: { 'aws:SourceArn': `arn:aws:cloudfront::${account}:distribution/*` } };
  return { StringEquals: { 'aws:SourceAccount': account } };
};

/** Lets a service use a key for resources of the own account only. */
const allow = (service: string, actions: readonly string[], account: string): PolicyStatement =>
  new PolicyStatement({
    principals: [new ServicePrincipal(service)],
    actions: [...actions],
    resources: ['*'],
    conditions: conditionOf(service, account),
  });
