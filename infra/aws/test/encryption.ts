import { describe, expect, it } from '@jest/globals';
import { resourcesOf } from './synthesized.js';

/** What each kind of store must have, so that nothing of it is stored or sent in clear. */
const ENCRYPTED: Readonly<Record<string, object>> = {
  'AWS::RDS::DBInstance': {
    StorageEncrypted: true,
    KmsKeyId: expect.anything(),
    PerformanceInsightsKMSKeyId: expect.anything(),
  },
  'AWS::RDS::DBParameterGroup': {
    Parameters: { 'rds.force_ssl': '1', log_error_verbosity: 'terse', log_min_error_statement: 'panic' },
  },
  'AWS::EC2::Volume': { Encrypted: true, KmsKeyId: expect.anything() },
  'AWS::EC2::Instance': { BlockDeviceMappings: [{ Ebs: { Encrypted: true, KmsKeyId: expect.anything() } }] },
  'AWS::MSK::Cluster': {
    EncryptionInfo: {
      EncryptionAtRest: { DataVolumeKMSKeyId: expect.anything() },
      EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true },
    },
  },
  'AWS::OpenSearchService::Domain': {
    EncryptionAtRestOptions: { Enabled: true, KmsKeyId: expect.anything() },
    NodeToNodeEncryptionOptions: { Enabled: true },
    DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
  },
  'AWS::S3::Bucket': {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: expect.anything() } },
      ],
    },
  },
  'AWS::SNS::Topic': { KmsMasterKeyId: expect.anything() },
  'AWS::SQS::Queue': { KmsMasterKeyId: expect.anything() },
  'AWS::Logs::LogGroup': { KmsKeyId: expect.anything(), RetentionInDays: expect.any(Number) },
  'AWS::SecretsManager::Secret': { KmsKeyId: expect.anything() },
  'AWS::ECR::Repository': { EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: expect.anything() } },
  'AWS::KinesisFirehose::DeliveryStream': {
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK' },
  },
  'AWS::CodeBuild::Project': { EncryptionKey: expect.anything() },
  'AWS::CodePipeline::Pipeline': { ArtifactStore: { EncryptionKey: { Type: 'KMS' } } },
  'AWS::KMS::Key': { EnableKeyRotation: true },
  'AWS::CloudFront::Distribution': {
    DistributionConfig: {
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
      DefaultCacheBehavior: { ViewerProtocolPolicy: 'https-only' },
    },
  },
  'AWS::SES::ConfigurationSet': { DeliveryOptions: { TlsPolicy: 'REQUIRE' } },
};

export const encryptionTests = (): void =>
  describe('encryption', () => {
    it.each(Object.keys(ENCRYPTED))('is on for every %s', (type) => {
      const found = resourcesOf(type);
      expect(found).not.toEqual([]);
      for (const { Properties } of found) expect(Properties).toMatchObject(ENCRYPTED[type] ?? {});
    });

    it('is on for the public listener, and the other port only leads there', () => {
      const listeners = resourcesOf('AWS::ElasticLoadBalancingV2::Listener');
      const actions = listeners.map(({ id, Properties }) => [id.replace(/[0-9A-F]{8}$/, ''), Properties.Protocol]);
      expect(new Set(actions.map(String))).toEqual(new Set(['https,HTTPS', 'http,HTTP', 'workerlistener,HTTP']));
      for (const { id, Properties } of listeners) {
        if (id.startsWith('https')) expect(Properties.SslPolicy).toMatch(/TLS13-1-2/);
        else if (id.startsWith('http'))
          expect(Properties.DefaultActions).toMatchObject([
            { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS' } },
          ]);
      }
    });

    it('is required by the policy of every bucket, topic and queue', () => {
      const policies = resourcesOf('AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy');
      expect(policies).toHaveLength(13 + 4 * 2 + 1 + 4);
      for (const { Properties } of policies)
        expect(JSON.stringify(Properties)).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
    });
  });
