import type { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { executionRoleName, REGION } from '../naming/names.js';
import type { EnvironmentName } from '../size/environments.js';

/** The fleets whose services hold MASTER_KEY. */
const HOLDERS = ['api', 'projector', 'notifier'] as const;

/**
 * The role with which CloudFormation deploys stacks of the CDK. It creates the secret, and Secrets Manager wants to decrypt for
 * who creates one. Only CloudFormation can assume it.
 */
const CLOUDFORMATION = 'cdk-*-cfn-exec-role-*';

/** Everything that an administrator needs, and nothing that opens what the key encrypts. */
const ADMINISTRATION = [
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListResourceTags',
  'kms:ListGrants',
  'kms:PutKeyPolicy',
  'kms:EnableKeyRotation',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:UpdateKeyDescription',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:CreateAlias',
  'kms:UpdateAlias',
  'kms:DeleteAlias',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
];

/**
 * The policy of the key of MASTER_KEY. Secrets Manager encrypts for who writes the secret; it decrypts only for the roles that fetch
 * the secret for a service, and for CloudFormation. An administrator who changes this policy leaves an entry in
 * CloudTrail.
 */
export const masterKeyPolicy = ({ account }: Stack, environment: EnvironmentName): PolicyDocument => {
  const throughSecretsManager = {
    'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com`,
    'kms:CallerAccount': account,
  };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        principals: [new AccountRootPrincipal()],
        actions: ADMINISTRATION,
        resources: ['*'],
      }),
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: throughSecretsManager },
      }),
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: {
          StringEquals: throughSecretsManager,
          ArnLike: {
            'aws:PrincipalArn': [...HOLDERS.map((fleet) => executionRoleName(environment, fleet)), CLOUDFORMATION].map(
              (role) => `arn:aws:iam::${account}:role/${role}`,
            ),
          },
        },
      }),
    ],
  });
};
