import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret, type CfnSecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { DATABASE_ROLES, type DatabaseRole, passwordName } from '../naming/databaseRoles.js';
import { kafkaUserName, secretName } from '../naming/names.js';
import { PREVIOUS_SECRETS } from '../settings/secretSources.js';
import type { EnvironmentName } from '../size/environments.js';
import type { Keys } from './keys.js';

/** Keys that Secrets Manager makes. */
const GENERATED = ['MASTER_KEY', 'ADDRESS_KEY', 'MAIL_TOKEN_KEY', 'PASSWORD_PEPPER', 'REFRESH_TOKEN_KEY'] as const;

/** Keys and certificates in PEM, which Secrets Manager cannot make: an operator stores them once, see README.md. */
const GIVEN = [
  'ACCESS_TOKEN_KEY',
  'NOTARY_KEY',
  'EVENTSTORE_CA',
  'EVENTSTORE_CERTIFICATE',
  'EVENTSTORE_CERTIFICATE_KEY',
] as const;

export interface ServiceSecrets {
  /** Passwords of the roles of Postgres and, as `eventStore`, of the user of the event log. */
  passwords: Readonly<Record<DatabaseRole | 'eventStore', CfnSecret>>;
  /** User and password of Kafka (SCRAM). */
  kafka: CfnSecret;
}

/**
 * 44 letters and digits are valid base64 of 33 bytes, as the services want their keys, and need no escape in a URL. They
 * hold 44 · log2(62) = 262 bits.
 */
const RANDOM = { passwordLength: 44, excludePunctuation: true } as const;

/**
 * Secrets Manager stores no empty text, and ECS starts no container without a value. The services take white space as unset.
 * CloudFormation writes it once: a value that an operator has stored stays.
 */
export const UNSET = ' ';

/** The secrets of an environment that need no address of another resource. None has its value in the template. */
export const serviceSecrets = (scope: Construct, environment: EnvironmentName, keys: Keys): ServiceSecrets => {
  const secret = (variable: string, props: CfnSecretProps = { generateSecretString: RANDOM }): CfnSecret =>
    retained(
      new CfnSecret(scope, variable, {
        name: secretName(environment, variable),
        kmsKeyId: variable.startsWith('MASTER_KEY') ? keys.master.keyArn : keys.secrets.keyArn,
        ...props,
      }),
    );
  for (const name of GENERATED) secret(name);
  for (const name of GIVEN) secret(name, {});
  for (const name of PREVIOUS_SECRETS) secret(name, { secretString: UNSET });
  const password = (role: DatabaseRole): [DatabaseRole, CfnSecret] => [role, secret(passwordName(role))];
  return {
    passwords: {
      ...(Object.fromEntries(DATABASE_ROLES.map(password)) as Record<DatabaseRole, CfnSecret>),
      eventStore: secret('EVENTSTORE_PASSWORD'),
    },
    kafka: secret('KAFKA_USER', {
      name: kafkaUserName(environment),
      generateSecretString: {
        ...RANDOM,
        secretStringTemplate: JSON.stringify({ username: 'ums' }),
        generateStringKey: 'password',
      },
    }),
  };
};

/** A secret whose stack is deleted stays: without the keys, no personal data can be decrypted. */
const retained = (secret: CfnSecret): CfnSecret => {
  secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return secret;
};
