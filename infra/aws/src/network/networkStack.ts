import { Fn, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { FlowLogDestination, FlowLogTrafficType, IpAddresses, type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PrivateHostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { Keys } from '../keys/keys.js';
import { nameOf, VPC_CIDR } from '../naming/names.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';
import { endpoints } from './endpoints.js';
import { type SecurityGroups, securityGroups } from './securityGroups.js';

export interface Network {
  vpc: IVpc;
  groups: SecurityGroups;
  zone: PublicHostedZone;
  /** Zone of the names that certificates of the event log are for. */
  privateZone: PrivateHostedZone;
  /** For the API and for pictures. */
  certificate: Certificate;
}

/** Domain of machines that only the VPC sees. */
export const privateDomain = (environment: EnvironmentName): string => `${environment}.ums.internal`;

/**
 * The network of an environment. Its public subnets hold the balancer alone: instances have no public address, and no NAT
 * gateway gives them one.
 */
export const networkStack = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  keys: Keys,
): Network => {
  const stack = new Stack(scope, 'network', { stackName: nameOf(environment, 'network') });
  // The class does not fit its own interface under `exactOptionalPropertyTypes`.
  const vpc = new Vpc(stack, 'vpc', {
    ipAddresses: IpAddresses.cidr(VPC_CIDR),
    availabilityZones: Array.from({ length: size.zones }, (_, index) => Fn.select(index, Fn.getAzs())),
    natGateways: 0,
    subnetConfiguration: [
      { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 },
    ],
  }) as IVpc;
  vpc.addFlowLog('rejected', {
    trafficType: FlowLogTrafficType.REJECT,
    destination: FlowLogDestination.toCloudWatchLogs(
      encryptedLogGroup(stack, 'flow-logs', { name: `/ums/${environment}/flow-logs`, size, keys }),
    ),
  });
  const groups = securityGroups(vpc);
  endpoints(vpc, groups.endpoints);
  const zone = new PublicHostedZone(stack, 'zone', { zoneName: size.domain });
  return {
    vpc,
    groups,
    zone,
    privateZone: new PrivateHostedZone(stack, 'private-zone', { zoneName: privateDomain(environment), vpc }),
    certificate: new Certificate(stack, 'certificate', {
      domainName: size.domain,
      subjectAlternativeNames: [`pictures.${size.domain}`],
      validation: CertificateValidation.fromDns(zone),
    }),
  };
};
