import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscriptionFilter, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Data } from '../data/dataStack.js';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { Keys } from '../keys/keys.js';
import { logGroupName, nameOf, REGION } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import { allowing } from '../permissions/allowing.js';
import { CONTAINERS } from '../settings/containers.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { errorAlarm } from './errorAlarm.js';
import { lineDelivery } from './lineDelivery.js';

export interface Logs {
  /** Operators subscribe to it. */
  alarms: Topic;
}

/** Lines of the containers: CloudWatch keeps them for a while, Firehose brings them to OpenSearch. */
export const logsStack = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  needs: { network: Network; keys: Keys; data: Data },
): Logs => {
  const { keys } = needs;
  const stack = new Stack(scope, 'logs', { stackName: nameOf(environment, 'logs') });
  const alarms = new Topic(stack, 'alarms', {
    topicName: nameOf(environment, 'alarms'),
    masterKey: keys.topics,
    enforceSSL: true,
  });
  alarms.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [alarms.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  const delivery = lineDelivery(stack, environment, size, needs);
  const role = new Role(stack, 'subscription-role', { assumedBy: new ServicePrincipal('logs.amazonaws.com') });
  allowing(role)({
    actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
    resources: [`arn:aws:firehose:${REGION}:${stack.account}:deliverystream/${nameOf(environment, 'logs')}`],
  });
  for (const { name } of CONTAINERS) {
    const group: LogGroup = encryptedLogGroup(stack, name, { name: logGroupName(environment, name), size, keys });
    const subscription = new CfnSubscriptionFilter(stack, `${name}-subscription`, {
      logGroupName: group.logGroupName,
      filterPattern: '',
      destinationArn: delivery.attrArn,
      roleArn: role.roleArn,
    });
    // CloudWatch Logs sends a first record while it creates the subscription.
    subscription.node.addDependency(role);
    errorAlarm(group, name, { environment, alarms });
  }
  encryptedLogGroup(stack, 'proxy', { name: logGroupName(environment, 'proxy'), size, keys });
  return { alarms };
};
