import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ENVIRONMENTS, SIZES } from '../src/size/environments.js';
import { resourcesIn, resourcesOf } from './synthesized.js';

const POLICY = join(import.meta.dirname, '..', 'opensearch', 'retention-policy.json');

export const storeTests = (): void =>
  describe.each(ENVIRONMENTS)('the stores of %s', (environment) => {
    const size = SIZES[environment];
    const only = (stack: string, type: string) => {
      const [first, ...others] = resourcesIn(environment, stack, type);
      expect(others).toEqual([]);
      return first?.Properties ?? {};
    };

    it('keep backups no longer than receipts of erasures promise', () => {
      expect(only('data', 'AWS::RDS::DBInstance').BackupRetentionPeriod).toBe(size.backupDays);
      expect(only('data', 'AWS::DLM::LifecyclePolicy').PolicyDetails).toMatchObject({
        Schedules: [{ RetainRule: { Interval: size.backupDays, IntervalUnit: 'DAYS' } }],
      });
      const [api] = resourcesIn(environment, 'service', 'AWS::ElasticBeanstalk::Environment');
      expect(api?.Properties.OptionSettings).toContainEqual(
        expect.objectContaining({ OptionName: 'BACKUP_DAYS', Value: String(size.backupDays) }),
      );
    });

    it('are Postgres 16, with a second server where the size says so', () => {
      expect(only('data', 'AWS::RDS::DBInstance')).toMatchObject({
        Engine: 'postgres',
        EngineVersion: '16',
        MultiAZ: size.postgres.multiAz,
        DeletionProtection: size.protected,
      });
    });

    it('let scripts of every origin read pictures, without cookies', () => {
      expect(only('edge', 'AWS::CloudFront::ResponseHeadersPolicy')).toMatchObject({
        ResponseHeadersPolicyConfig: {
          CorsConfig: {
            AccessControlAllowCredentials: false,
            AccessControlAllowOrigins: { Items: ['*'] },
            AccessControlAllowMethods: { Items: ['GET', 'HEAD'] },
          },
        },
      });
    });

    it('put the nodes of the event log into different zones, each with a volume that stays', () => {
      const nodes = resourcesIn(environment, 'data', 'AWS::EC2::Instance');
      const zones = new Set(nodes.map(({ Properties }) => JSON.stringify(Properties.AvailabilityZone)));
      const volumes = resourcesIn(environment, 'data', 'AWS::EC2::Volume');
      expect([nodes.length, zones.size, volumes.length]).toEqual(Array(3).fill(size.eventStore.nodes));
      for (const { DeletionPolicy } of volumes) expect(DeletionPolicy).toBe('Retain');
    });

    it('divide brokers and nodes of OpenSearch evenly between the zones', () => {
      expect(size.kafka.brokers % size.zones).toBe(0);
      expect(size.search.nodes % size.zones).toBe(0);
    });

    it('have a policy in OpenSearch that deletes the indexes that Firehose writes', () => {
      const { policy } = JSON.parse(readFileSync(POLICY, 'utf8'));
      const [stream] = resourcesOf('AWS::KinesisFirehose::DeliveryStream');
      expect(stream?.Properties.AmazonopensearchserviceDestinationConfiguration).toMatchObject({
        IndexName: policy.ism_template[0].index_patterns[0].replace(/-\*$/, ''),
        IndexRotationPeriod: 'OneDay',
      });
      expect(policy.states[0].transitions[0].conditions).toEqual({ min_index_age: `${SIZES.production.logDays}d` });
    });

    it('refuse to delete a checkpoint, and forget a picture that is deleted', () => {
      const buckets = resourcesIn(environment, 'data', 'AWS::S3::Bucket').map(({ Properties }) => Properties);
      const [locked, ...others] = buckets.filter(({ ObjectLockEnabled }) => ObjectLockEnabled === true);
      expect(locked?.ObjectLockConfiguration).toMatchObject({
        Rule: { DefaultRetention: { Days: size.checkpointLockDays, Mode: 'COMPLIANCE' } },
      });
      expect(others).toEqual([]);
      const [pictures] = buckets.filter(({ ObjectLockEnabled }) => ObjectLockEnabled !== true);
      expect(pictures?.VersioningConfiguration).toBeUndefined();
    });
  });
