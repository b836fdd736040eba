import type { EnvironmentName } from '../size/environments.js';

/** A finding of cdk-nag that is accepted wherever it is found, or in some environments. Roles accept theirs where they are made. */
export interface Accepted {
  rule: string;
  /** Type of the resources in CloudFormation. */
  type: string;
  /** Id of the one construct that it is accepted at. */
  at?: string;
  environments?: readonly EnvironmentName[];
  reason: string;
}

const SMALL = ['development', 'test'] as const;

export const ACCEPTED: readonly Accepted[] = [
  {
    rule: 'AwsSolutions-SMG4',
    type: 'AWS::SecretsManager::Secret',
    reason:
      'A service reads its secrets once, at its start, and refuses others than its vault was made with: a schedule would stop it. README.md says how each is replaced. RDS replaces the password of its administrator by itself.',
  },
  {
    rule: 'AwsSolutions-S1',
    type: 'AWS::S3::Bucket',
    reason:
      'The keys of objects hold user ids. CloudTrail records who changes a bucket; a log of reads would outlive erased users.',
  },
  {
    rule: 'AwsSolutions-ELB2',
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    reason:
      'An access log has the query strings of mailed links, which are tokens, and addresses of people. The services log requests without either.',
  },
  {
    rule: 'AwsSolutions-CFR3',
    type: 'AWS::CloudFront::Distribution',
    reason: 'An access log would say which address looked at whose picture.',
  },
  {
    rule: 'AwsSolutions-CFR1',
    type: 'AWS::CloudFront::Distribution',
    reason: 'Users are everywhere.',
  },
  {
    rule: 'AwsSolutions-EC23',
    type: 'AWS::EC2::SecurityGroup',
    at: 'balancer',
    reason: 'It is the group of the public balancer, which everybody may connect to.',
  },
  {
    rule: 'AwsSolutions-RDS11',
    type: 'AWS::RDS::DBInstance',
    reason: 'Only the services and one build reach the port at all; another number would hide nothing.',
  },
  {
    rule: 'AwsSolutions-RDS3',
    type: 'AWS::RDS::DBInstance',
    environments: SMALL,
    reason: 'It holds no data of users, and may be down while RDS restarts it.',
  },
  {
    rule: 'AwsSolutions-RDS10',
    type: 'AWS::RDS::DBInstance',
    environments: SMALL,
    reason: 'It holds no data of users, and is deleted with its environment to save costs.',
  },
  {
    rule: 'AwsSolutions-EC29',
    type: 'AWS::EC2::Instance',
    environments: SMALL,
    reason: 'It is deleted with its environment to save costs; its volume stays.',
  },
  {
    rule: 'AwsSolutions-OS3',
    type: 'AWS::OpenSearchService::Domain',
    reason: 'It is inside the VPC, where only the group of Firehose may connect, and every request is signed.',
  },
  {
    rule: 'AwsSolutions-OS4',
    type: 'AWS::OpenSearchService::Domain',
    reason: 'It holds copies of log lines, on two or three nodes; three more nodes would cost more than they protect.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    type: 'AWS::SQS::Queue',
    reason: 'It is itself the dead-letter queue, of a subscription.',
  },
];
