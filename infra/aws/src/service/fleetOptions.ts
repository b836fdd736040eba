import type { Network } from '../network/networkStack.js';
import type { FleetName } from '../settings/containers.js';
import type { EnvironmentSize } from '../size/environments.js';
import { COMMON_OPTIONS } from './commonOptions.js';

export interface OptionInput {
  fleet: FleetName;
  size: EnvironmentSize;
  network: Network;
  /** ARN of the balancer, with the port of its listener and the rule of this fleet. */
  balancer: { arn: string; listener: number; host: string; priority: number };
  instanceProfile: string;
  serviceRole: string;
  /** Variables of the services. */
  settings: Readonly<Record<string, string>>;
}

type Options = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The port of the instance that the balancer asks for `/health/ready`, and sends requests to. */
const portOf = (fleet: FleetName): string => (fleet === 'api' ? '80' : '9464');

/**
 * Options of Elastic Beanstalk by namespace. A deployment starts a full second set of instances, waits until `/health/ready`
 * of each answers 200, and only then ends those before; if it does not, the new ones end.
 */
export const fleetOptions = ({ fleet, size, network, balancer, ...input }: OptionInput): Options => {
  const { instance, min, max } = size[fleet];
  return {
    'aws:elasticbeanstalk:environment': {
      EnvironmentType: 'LoadBalanced',
      LoadBalancerType: 'application',
      LoadBalancerIsShared: 'true',
      ServiceRole: input.serviceRole,
    },
    'aws:elbv2:loadbalancer': { SharedLoadBalancer: balancer.arn },
    [`aws:elbv2:listener:${balancer.listener}`]: { Rules: fleet },
    [`aws:elbv2:listenerrule:${fleet}`]: {
      HostHeaders: balancer.host,
      Priority: String(balancer.priority),
      Process: 'default',
    },
    'aws:elasticbeanstalk:environment:process:default': {
      Port: portOf(fleet),
      Protocol: 'HTTP',
      HealthCheckPath: '/health/ready',
      MatcherHTTPCode: '200',
      HealthCheckInterval: '10',
      HealthCheckTimeout: '5',
      HealthyThresholdCount: '2',
      UnhealthyThresholdCount: '3',
      // A service ends its open requests within ten seconds.
      DeregistrationDelay: '20',
    },
    'aws:ec2:vpc': {
      VPCId: network.vpc.vpcId,
      Subnets: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId).join(','),
      AssociatePublicIpAddress: 'false',
    },
    'aws:ec2:instances': { InstanceTypes: instance },
    'aws:autoscaling:launchconfiguration': {
      IamInstanceProfile: input.instanceProfile,
      SecurityGroups: network.groups.services.securityGroupId,
      DisableDefaultEC2SecurityGroup: 'true',
      DisableIMDSv1: 'true',
      RootVolumeType: 'gp3',
    },
    'aws:autoscaling:asg': { MinSize: String(min), MaxSize: String(max) },
    ...COMMON_OPTIONS,
    'aws:elasticbeanstalk:cloudwatch:logs': {
      StreamLogs: 'true',
      DeleteOnTerminate: 'false',
      RetentionInDays: String(size.logDays),
    },
    'aws:elasticbeanstalk:hostmanager': { LogPublicationControl: 'true' },
    'aws:elasticbeanstalk:application:environment': input.settings,
  };
};
