import { Duration } from 'aws-cdk-lib';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { Keys } from '../keys/keys.js';
import { logGroupName } from '../naming/names.js';
import { type Network, privateDomain } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { eventStoreNode } from './eventStoreNode.js';
import { eventStoreRole } from './eventStoreRole.js';

/** The names of the nodes, which the certificate must have. */
export const eventStoreHosts = (environment: EnvironmentName, { eventStore }: EnvironmentSize): readonly string[] =>
  Array.from({ length: eventStore.nodes }, (_, index) => `eventstore-${index + 1}.${privateDomain(environment)}`);

interface Needs {
  network: Network;
  keys: Keys;
}

/** The event log: nodes on EC2 in different zones, each with a volume that outlives its instance. */
export const eventStore = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  { network, keys }: Needs,
): void => {
  encryptedLogGroup(scope, 'event-store-logs', { name: logGroupName(environment, 'eventstore'), size, keys });
  const role = eventStoreRole(scope, environment, keys);
  const hosts = eventStoreHosts(environment, size);
  hosts.forEach((host, index) => {
    const instance = eventStoreNode(scope, environment, size, { network, keys, role, host, hosts, index });
    new ARecord(scope, `event-store-record-${index + 1}`, {
      zone: network.privateZone,
      recordName: host,
      target: RecordTarget.fromIpAddresses(instance.instancePrivateIp),
      ttl: Duration.seconds(30),
    });
  });
};
