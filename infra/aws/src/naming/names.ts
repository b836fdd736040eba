import type { EnvironmentName } from '../size/environments.js';

/**
 * The one region of everything. Certificates and firewall rules of CloudFront exist in `us-east-1` only, and a second region
 * would need stacks of its own for them.
 */
export const REGION = 'us-east-1';

/** Addresses of the VPC of each environment. */
export const VPC_CIDR = '10.40.0.0/16';

/** Name of a resource that another stack or the pipeline finds by its name, such as `ums-production-api`. */
export const nameOf = (environment: EnvironmentName, resource: string): string => `ums-${environment}-${resource}`;

/** Name of a secret in Secrets Manager. `variable` is that of the services, or one below a role, such as `query/DATABASE_URL`. */
export const secretName = (environment: EnvironmentName, variable: string): string => `ums/${environment}/${variable}`;

/** Name of the secret with user and password of Kafka. MSK takes only secrets whose name begins with `AmazonMSK_`. */
export const kafkaUserName = (environment: EnvironmentName): string => `AmazonMSK_ums_${environment}`;

/** Name of the parameter with the ARN of the Kafka cluster, which ends in letters that MSK chooses. */
export const kafkaClusterParameter = (environment: EnvironmentName): string => `/ums/${environment}/kafka-cluster`;

/** ARN of a secret. Secrets Manager appends six characters that it chooses. */
export const secretArn = (account: string, name: string): string =>
  `arn:aws:secretsmanager:${REGION}:${account}:secret:${name}-??????`;

/** Name of a bucket, which all accounts of AWS share. */
export const bucketName = (environment: EnvironmentName, bucket: string, account: string): string =>
  `${nameOf(environment, bucket)}-${account}`;

/** Name of the role with which ECS fetches the secrets of a fleet. */
export const executionRoleName = (environment: EnvironmentName, fleet: string): string =>
  nameOf(environment, `${fleet}-execution`);

/** Name of the log group of a container. */
export const logGroupName = (environment: EnvironmentName, container: string): string =>
  `/ums/${environment}/${container}`;
