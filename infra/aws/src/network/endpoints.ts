import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  type SecurityGroup,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';

/** What instances call. There is no NAT gateway, so a service that is not in this list cannot be reached. */
const SERVICES = [
  'secretsmanager',
  'kms',
  'logs',
  'email',
  'sns',
  'ecr.api',
  'ecr.dkr',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
  'elasticbeanstalk',
  'elasticbeanstalk-health',
  'cloudformation',
  'sqs',
  'ssm',
  'ssmmessages',
] as const;

/** Private addresses for the services of AWS. S3, from which Amazon Linux also gets its packages, costs nothing. */
export const endpoints = (vpc: IVpc, group: SecurityGroup): void => {
  vpc.addGatewayEndpoint('s3', { service: GatewayVpcEndpointAwsService.S3 });
  for (const name of SERVICES) {
    vpc.addInterfaceEndpoint(name.replace('.', '-'), {
      service: new InterfaceVpcEndpointAwsService(name, undefined, 443),
      subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
      open: false,
      privateDnsEnabled: true,
    });
  }
};
