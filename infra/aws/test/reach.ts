import { describe, expect, it } from '@jest/globals';
import { ENVIRONMENTS } from '../src/size/environments.js';
import { resourcesOf } from './synthesized.js';

interface Ingress {
  CidrIp?: string;
  CidrIpv6?: string;
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
      const open = resourcesOf('AWS::EC2::SecurityGroup').filter(({ Properties }) =>
        ((Properties.SecurityGroupIngress ?? []) as Ingress[]).some(
          ({ CidrIp, CidrIpv6 }) => CidrIp === '0.0.0.0/0' || CidrIpv6 !== undefined,
        ),
      );
      expect(open.map(({ Properties }) => Properties.GroupDescription)).toEqual(ENVIRONMENTS.map(() => 'ums balancer'));
      const rules = resourcesOf('AWS::EC2::SecurityGroupIngress').filter(({ Properties }) => 'CidrIp' in Properties);
      expect(rules).toEqual([]);
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
