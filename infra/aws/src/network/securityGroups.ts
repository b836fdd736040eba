import { type IPeer, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { VPC_CIDR } from '../naming/names.js';

const NAMES = [
  'balancer',
  'worker-balancer',
  'services',
  'builds',
  'firehose',
  'postgres',
  'event-store',
  'kafka',
  'search',
  'endpoints',
] as const;

export type GroupName = (typeof NAMES)[number];
export type SecurityGroups = Readonly<Record<GroupName, SecurityGroup>>;

/** Who opens connections to whom. Both sides get a rule; nothing else passes. */
const CONNECTIONS: readonly (readonly [from: GroupName, to: GroupName, port: number])[] = [
  ['balancer', 'services', 80],
  ['worker-balancer', 'services', 9464],
  ['services', 'postgres', 5432],
  ['builds', 'postgres', 5432],
  ['services', 'event-store', 2113],
  ['event-store', 'event-store', 2113],
  ['event-store', 'event-store', 1112],
  ['services', 'kafka', 9096],
  ['firehose', 'search', 443],
];

/** They reach endpoints of AWS, and S3 through a gateway whose addresses are public. No route leads to other addresses. */
const CALL_AWS: readonly GroupName[] = ['services', 'builds', 'event-store'];

/** The security groups of an environment. All are here, so that stacks do not depend on each other in a circle. */
export const securityGroups = (vpc: IVpc): SecurityGroups => {
  const groups = Object.fromEntries(
    NAMES.map((name) => [
      name,
      new SecurityGroup(vpc.stack, name, { vpc, allowAllOutbound: false, description: `ums ${name}` }),
    ]),
  ) as unknown as SecurityGroups;
  for (const [from, to, port] of CONNECTIONS) {
    groups[to].addIngressRule(groups[from], Port.tcp(port), `${from} to ${to}`);
    groups[from].addEgressRule(groups[to], Port.tcp(port), `${from} to ${to}`);
  }
  const anywhere: IPeer = Peer.anyIpv4();
  for (const name of CALL_AWS) groups[name].addEgressRule(anywhere, Port.tcp(443), 'AWS');
  groups.endpoints.addIngressRule(Peer.ipv4(VPC_CIDR), Port.tcp(443), 'the VPC');
  for (const port of [80, 443]) groups.balancer.addIngressRule(anywhere, Port.tcp(port), 'the internet');
  return groups;
};
