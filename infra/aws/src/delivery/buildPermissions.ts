import { LOG_IN_TO_REGISTRY, PULL_IMAGES } from '../naming/actions.js';
import { REPOSITORIES } from '../naming/images.js';
import { kafkaClusterParameter, nameOf, REGION, secretArn, secretName } from '../naming/names.js';
import { NO_RESOURCE, type Permission } from '../permissions/allowing.js';
import type { EnvironmentName } from '../size/environments.js';

const PUSH_IMAGES = [
  'ecr:CompleteLayerUpload',
  'ecr:DescribeImageScanFindings',
  'ecr:DescribeImages',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/** What the build of the image may do besides: push images. */
export const imagePermissions = (account: string): readonly Permission[] => [
  { actions: [LOG_IN_TO_REGISTRY], resources: ['*'], pattern: NO_RESOURCE },
  {
    actions: [...PULL_IMAGES, ...PUSH_IMAGES],
    resources: REPOSITORIES.map((name) => `arn:aws:ecr:${REGION}:${account}:repository/${name}`),
  },
];

/** What the build of the bundles of an environment may do besides: read a certificate and addresses of brokers. No key, no password. */
export const bundlePermissions = (account: string, environment: EnvironmentName): readonly Permission[] => {
  const certificate = secretArn(account, secretName(environment, 'EVENTSTORE_CA'));
  return [
    {
      actions: ['ssm:GetParameter'],
      resources: [`arn:aws:ssm:${REGION}:${account}:parameter${kafkaClusterParameter(environment)}`],
    },
    {
      actions: ['kafka:GetBootstrapBrokers'],
      resources: [`arn:aws:kafka:${REGION}:${account}:cluster/${nameOf(environment, 'kafka')}/*`],
      pattern: 'one cluster, whose ARN ends in letters that MSK chooses',
    },
    { actions: ['secretsmanager:GetSecretValue'], resources: [certificate] },
    {
      actions: ['kms:Decrypt'],
      resources: [`arn:aws:kms:${REGION}:${account}:key/*`],
      // The same key encrypts passwords: this role decrypts the certificate alone.
      conditions: {
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${nameOf(environment, 'secrets')}` },
        StringLike: { 'kms:EncryptionContext:SecretARN': certificate },
      },
      pattern: 'the condition limits it to one key, by its alias, and to one secret',
    },
  ];
};
