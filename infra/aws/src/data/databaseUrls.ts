import { RemovalPolicy } from 'aws-cdk-lib';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Keys } from '../keys/keys.js';
import { secretReference } from '../keys/secretReference.js';
import type { ServiceSecrets } from '../keys/serviceSecrets.js';
import type { DatabaseRole } from '../naming/databaseRoles.js';
import { secretName } from '../naming/names.js';
import { CONTAINERS } from '../settings/containers.js';
import type { EnvironmentName } from '../size/environments.js';

const DATABASES = { VAULT_DATABASE_URL: 'vault', DATABASE_URL: 'users' } as const;

type UrlVariable = keyof typeof DATABASES;

const isUrl = (variable: string): variable is UrlVariable => variable in DATABASES;

/** Every URL that a container needs, as `[role, variable]`. */
const NEEDED: readonly (readonly [DatabaseRole, UrlVariable])[] = CONTAINERS.flatMap(({ secrets }) =>
  Object.entries(secrets).flatMap(([variable, name]) =>
    isUrl(variable) ? [[name.split('/')[0] as DatabaseRole, variable] as const] : [],
  ),
);

/**
 * The URLs with which the services connect, as secrets: each holds the password of its role. The certificate of the server is
 * checked (`sslmode=verify-full`).
 */
export const databaseUrls = (
  scope: Construct,
  environment: EnvironmentName,
  server: CfnDBInstance,
  { keys, secrets }: { keys: Keys; secrets: ServiceSecrets },
): void => {
  const host = `${server.attrEndpointAddress}:${server.attrEndpointPort}`;
  for (const [role, variable] of NEEDED) {
    const password = secretReference(secrets.passwords[role]);
    new CfnSecret(scope, `${role}-${variable}`, {
      name: secretName(environment, `${role}/${variable}`),
      kmsKeyId: keys.secrets.keyArn,
      secretString: `postgresql://${role}:${password}@${host}/${DATABASES[variable]}?sslmode=verify-full`,
    }).applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
};
