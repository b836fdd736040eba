import { Duration, RemovalPolicy, Size, Stack, Tags } from 'aws-cdk-lib';
import {
  BlockDeviceVolume,
  type CfnInstance,
  CfnVolumeAttachment,
  EbsDeviceVolumeType,
  Instance,
  InstanceType,
  MachineImage,
  UserData,
  Volume,
} from 'aws-cdk-lib/aws-ec2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { Keys } from '../keys/keys.js';
import { logGroupName, nameOf } from '../naming/names.js';
import { type Network, privateDomain } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { eventStoreBoot } from './eventStoreBoot.js';
import { eventStoreRole } from './eventStoreRole.js';

/** The names of the nodes, which the certificate must have. */
export const eventStoreHosts = (environment: EnvironmentName, { eventStore }: EnvironmentSize): readonly string[] =>
  Array.from({ length: eventStore.nodes }, (_, index) => `eventstore-${index + 1}.${privateDomain(environment)}`);

/**
 * Parameter with the id of the image that nodes boot from. The newest image of AWS is not taken: when AWS publishes one, a
 * deployment would replace all nodes at once.
 */
const imageParameter = (environment: EnvironmentName): string => `/ums/${environment}/eventstore-ami`;

/** Tag of the volumes that are backed up. */
export const BACKUP_TAG = 'ums:backup';

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
    const { instance } = node(scope, environment, size, { network, keys, role, host, hosts, index });
    new ARecord(scope, `event-store-record-${index + 1}`, {
      zone: network.privateZone,
      recordName: host,
      target: RecordTarget.fromIpAddresses(instance.instancePrivateIp),
      ttl: Duration.seconds(30),
    });
  });
};

interface NodeNeeds extends Needs {
  role: Role;
  host: string;
  hosts: readonly string[];
  index: number;
}

const node = (
  scope: Construct,
  environment: EnvironmentName,
  { eventStore: size, protected: isProtected }: EnvironmentSize,
  { network, keys, role, host, hosts, index }: NodeNeeds,
): { instance: Instance } => {
  const subnets = network.vpc.isolatedSubnets;
  const subnet = subnets[index % subnets.length];
  if (subnet === undefined) throw new Error('The network has no private subnet.');
  const boot = UserData.forLinux();
  boot.addCommands(...eventStoreBoot({ environment, account: Stack.of(scope).account, host, hosts }));
  const instance = new Instance(scope, `event-store-${index + 1}`, {
    instanceName: nameOf(environment, `eventstore-${index + 1}`),
    vpc: network.vpc,
    vpcSubnets: { subnets: [subnet] },
    instanceType: new InstanceType(size.instance),
    machineImage: MachineImage.fromSsmParameter(imageParameter(environment)),
    securityGroup: network.groups['event-store'],
    role,
    userData: boot,
    requireImdsv2: true,
    detailedMonitoring: true,
    associatePublicIpAddress: false,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        volume: BlockDeviceVolume.ebs(16, {
          encrypted: true,
          kmsKey: keys.data,
          volumeType: EbsDeviceVolumeType.GP3,
        }),
      },
    ],
  });
  (instance.node.defaultChild as CfnInstance).disableApiTermination = isProtected;
  const volume = new Volume(scope, `event-store-volume-${index + 1}`, {
    availabilityZone: subnet.availabilityZone,
    size: Size.gibibytes(size.volumeGb),
    volumeType: EbsDeviceVolumeType.GP3,
    encrypted: true,
    encryptionKey: keys.data,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(volume).add(BACKUP_TAG, environment);
  new CfnVolumeAttachment(scope, `event-store-attachment-${index + 1}`, {
    device: '/dev/sdf',
    instanceId: instance.instanceId,
    volumeId: volume.volumeId,
  });
  return { instance };
};
