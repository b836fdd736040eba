import { RemovalPolicy, Size, Stack, Tags } from 'aws-cdk-lib';
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
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';
import { nameOf } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { eventStoreBoot } from './eventStoreBoot.js';

/**
 * Parameter with the id of the image that nodes boot from. The newest image of AWS is not taken: when AWS publishes one, a
 * deployment would replace all nodes at once.
 */
const imageParameter = (environment: EnvironmentName): string => `/ums/${environment}/eventstore-ami`;

/** Tag of the volumes that are backed up. */
export const BACKUP_TAG = 'ums:backup';

export interface NodeNeeds {
  network: Network;
  keys: Keys;
  role: Role;
  host: string;
  hosts: readonly string[];
  index: number;
}

/** One node of the event log, with a volume that outlives its instance. */
export const eventStoreNode = (
  scope: Construct,
  environment: EnvironmentName,
  { eventStore: size, protected: isProtected }: EnvironmentSize,
  { network, keys, role, host, hosts, index }: NodeNeeds,
): Instance => {
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
  return instance;
};
