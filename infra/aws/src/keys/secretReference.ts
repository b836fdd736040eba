import { SecretValue } from 'aws-cdk-lib';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';

/** A reference to the value of a secret. CloudFormation resolves it; the template holds the reference alone. */
export const secretReference = (secret: CfnSecret): string => SecretValue.secretsManager(secret.ref).unsafeUnwrap();
