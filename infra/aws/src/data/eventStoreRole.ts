import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';
import { LOG_IN_TO_REGISTRY, OPEN_SESSIONS, PULL_IMAGES, WRITE_LOGS } from '../naming/actions.js';
import { logGroupName, REGION, secretArn, secretName } from '../naming/names.js';
import { allowing, NO_RESOURCE, STREAMS } from '../permissions/allowing.js';
import type { EnvironmentName } from '../size/environments.js';
import { NODE_FILES } from './eventStoreBoot.js';

/** What a node of the event log may do: read its own secrets, pull its image, write its log, open a session for an operator. */
export const eventStoreRole = (scope: Construct, environment: EnvironmentName, keys: Keys): Role => {
  const { account } = Stack.of(scope);
  const role = new Role(scope, 'event-store-role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const allow = allowing(role);
  const names = [...Object.keys(NODE_FILES), 'EVENTSTORE_PASSWORD'];
  allow({
    actions: ['secretsmanager:GetSecretValue'],
    resources: names.map((name) => secretArn(account, secretName(environment, name))),
  });
  allow({ actions: ['kms:Decrypt'], resources: [keys.secrets.keyArn] });
  allow({ actions: [LOG_IN_TO_REGISTRY, ...OPEN_SESSIONS], resources: ['*'], pattern: NO_RESOURCE });
  allow({ actions: PULL_IMAGES, resources: [`arn:aws:ecr:${REGION}:${account}:repository/ums/eventstore`] });
  allow({
    actions: WRITE_LOGS,
    resources: [`arn:aws:logs:${REGION}:${account}:log-group:${logGroupName(environment, 'eventstore')}:log-stream:*`],
    pattern: STREAMS,
  });
  return role;
};
