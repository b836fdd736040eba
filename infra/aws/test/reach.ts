import { describe, expect, it } from '@jest/globals';
import { VPC_CIDR } from '../src/naming/names.js';
import { ENVIRONMENTS } from '../src/size/environments.js';
import { resourcesOf } from './synthesized.js';

interface Rule {
  CidrIp?: string;
  CidrIpv6?: string;
  FromPort?: number;
}

/** Who can reach what from outside. */
export const reachTests = (): void =>
  describe('the network', () => {
    it('gives a public address to one balancer of each environment, and to nothing else', () => {
      const facing = resourcesOf('AWS::ElasticLoadBalancingV2::LoadBalancer').filter(
        ({ Properties }) => Properties.Scheme === 'internet-facing',
      );
      expect(facing.map(({ stack }) => stack).sort()).toEqual(ENVIRONMENTS.map((name) => `ums-${name}-service`).sort());
      expect(resourcesOf('AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::EIPAssociation')).toEqual([]);
      for (const { Properties } of resourcesOf('AWS::EC2::Subnet')) expect(Properties.MapPublicIpOnLaunch).toBe(false);
      const instances = resourcesOf('AWS::EC2::Instance');
      expect(instances).toHaveLength(8);
      for (const { Properties } of instances)
        expect(JSON.stringify(Properties)).not.toContain('"AssociatePublicIpAddress":true');
    });

    it('lets the internet connect to the balancer alone', () => {
      const admitted = resourcesOf('AWS::EC2::SecurityGroup').flatMap(({ Properties }) =>
        ((Properties.SecurityGroupIngress ?? []) as Rule[]).map(({ CidrIp, CidrIpv6, FromPort }) =>
          [Properties.GroupDescription, CidrIp ?? CidrIpv6, FromPort].join(' '),
        ),
      );
      expect(new Set(admitted)).toEqual(
        new Set(['ums balancer 0.0.0.0/0 80', 'ums balancer 0.0.0.0/0 443', `ums endpoints ${VPC_CIDR} 443`]),
      );
      const rules = resourcesOf('AWS::EC2::SecurityGroupIngress');
      expect(rules).not.toEqual([]);
      for (const { Properties } of rules) expect(Properties.SourceSecurityGroupId).toBeDefined();
    });

    it('lets instances open connections to other groups and to AWS alone', () => {
      const destinations = resourcesOf('AWS::EC2::SecurityGroup').flatMap(({ Properties }) =>
        ((Properties.SecurityGroupEgress ?? []) as Rule[]).map(({ CidrIp, FromPort }) =>
          [Properties.GroupDescription, CidrIp, FromPort].join(' '),
        ),
      );
      // The CDK writes a rule for an address that nobody has where a group has no other.
      const open = destinations.filter((destination) => !destination.includes('255.255.255.255/32'));
      expect(new Set(open)).toEqual(
        new Set(['services', 'builds', 'event-store'].map((name) => `ums ${name} 0.0.0.0/0 443`)),
      );
    });

    it('has no route to the internet from the private subnets, in which all instances and stores are', () => {
      const routes = resourcesOf('AWS::EC2::Route').filter(({ Properties }) => 'GatewayId' in Properties);
      expect(routes.every(({ id }) => id.startsWith('vpcpublic'))).toBe(true);
      const stores = resourcesOf(
        'AWS::RDS::DBSubnetGroup',
        'AWS::MSK::Cluster',
        'AWS::OpenSearchService::Domain',
        'AWS::EC2::Instance',
        'AWS::ElasticBeanstalk::Environment',
      );
      expect(stores).toHaveLength(4 * 3 + 8 + 16);
      for (const { Properties } of stores) {
        expect(JSON.stringify(Properties)).toMatch(/vpcprivateSubnet\dSubnet/);
        expect(JSON.stringify(Properties)).not.toMatch(/vpcpublicSubnet/);
      }
    });

    it('has no public database, broker, search or bucket', () => {
      for (const { Properties } of resourcesOf('AWS::RDS::DBInstance'))
        expect(Properties.PubliclyAccessible).toBe(false);
      for (const { Properties } of resourcesOf('AWS::MSK::Cluster'))
        expect(Properties).toMatchObject({
          BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } } },
          ClientAuthentication: { Unauthenticated: { Enabled: false } },
        });
      const blocked = {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      };
      const buckets = resourcesOf('AWS::S3::Bucket');
      expect(buckets).toHaveLength(4 * 3 + 1);
      for (const { Properties } of buckets) expect(Properties.PublicAccessBlockConfiguration).toEqual(blocked);
    });
  });
