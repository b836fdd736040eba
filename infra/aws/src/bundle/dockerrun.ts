import { imageUri } from '../naming/images.js';
import { executionRoleName, REGION } from '../naming/names.js';
import { API_HOSTS, API_PORTS, DOCKER_NETWORK, JWKS_URL } from '../settings/apiHosts.js';
import { CERTIFICATE_FILE, CERTIFICATES } from '../settings/certificates.js';
import { type Container, containersOf, type FleetName } from '../settings/containers.js';
import { type SecretSource, secretSources } from '../settings/secretSources.js';
import type { EnvironmentName } from '../size/environments.js';
import { confined, linesTo } from './confined.js';
import { proxyContainer } from './proxyContainer.js';

/** What a bundle is for. */
export interface BundleTarget {
  environment: EnvironmentName;
  /** Id of the account. */
  account: string;
  /** Tag of the image `ums/service`. */
  tag: string;
  /** `host:port` of the listeners of the brokers for TLS and SCRAM, separated by commas. */
  brokers: string;
}

/** The port of the API; workers have METRICS_PORT. */
const API_PORT = 8080;
const METRICS_PORT = 9464;

/** MSK has one mechanism for SCRAM, on listeners with TLS. Amazon's authorities are in Node's own list. */
const kafkaOf = (brokers: string) => ({
  KAFKA_BROKERS: brokers,
  KAFKA_TLS: 'true',
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
});

const environmentOf = ({ name, fleet, usesKafka }: Container, brokers: string): Record<string, string> => ({
  HOST: '0.0.0.0',
  METRICS_PORT: String(METRICS_PORT),
  NODE_EXTRA_CA_CERTS: `${CERTIFICATES}/${CERTIFICATE_FILE}`,
  ...(fleet === 'api' ? { PORT: String(API_PORT), TRUSTED_PROXIES: DOCKER_NETWORK } : {}),
  ...(name === 'query-api' ? { ACCESS_TOKEN_JWKS: JWKS_URL } : {}),
  ...(usesKafka ? kafkaOf(brokers) : {}),
});

/** ECS takes a member of a secret as `<ARN>:<member>:<version stage>:<version id>`. */
const arnOf = (account: string, { secret, member }: SecretSource): string =>
  `arn:aws:secretsmanager:${REGION}:${account}:secret:${secret}${member === undefined ? '' : `:${member}::`}`;

const isApi = (name: string): name is keyof typeof API_PORTS => name in API_PORTS;

const program = (container: Container, { environment, account, tag, brokers }: BundleTarget) => ({
  name: container.name,
  image: imageUri(account, 'ums/service', tag),
  command: [container.program],
  memory: container.memoryMb,
  ...confined(container.scratchMb),
  environment: Object.entries(environmentOf(container, brokers)).map(([name, value]) => ({ name, value })),
  secrets: secretSources(container, environment).map((source) => ({
    name: source.variable,
    valueFrom: arnOf(account, source),
  })),
  mountPoints: [{ sourceVolume: 'certificates', containerPath: CERTIFICATES, readOnly: true }],
  // ECS ignores the health check of the image.
  healthCheck: {
    command: ['CMD', 'node', 'infra/compose/checkReadiness.mjs'],
    interval: 10,
    timeout: 5,
    retries: 3,
    startPeriod: 60,
  },
  ...(isApi(container.name)
    ? { extraHosts: API_HOSTS, portMappings: [{ hostPort: API_PORTS[container.name], containerPort: API_PORT }] }
    : { portMappings: [{ hostPort: METRICS_PORT, containerPort: METRICS_PORT }] }),
  logConfiguration: linesTo(environment, container.name),
});

const volume = (name: string) => ({ name, host: { sourcePath: `/var/app/current/${name}` } });

/**
 * `Dockerrun.aws.json` (version 2) of a fleet. ECS fetches each container's secrets with the execution role, so neither the
 * bundle nor the task definition holds a value.
 */
export const dockerrun = (fleet: FleetName, target: BundleTarget) => ({
  AWSEBDockerrunVersion: 2,
  executionRoleArn: `arn:aws:iam::${target.account}:role/${executionRoleName(target.environment, fleet)}`,
  volumes: [volume('certificates'), ...(fleet === 'api' ? [volume('proxy')] : [])],
  containerDefinitions: [
    ...containersOf(fleet).map((container) => program(container, target)),
    ...(fleet === 'api' ? [proxyContainer(target.environment, target.account)] : []),
  ],
});

export type Dockerrun = ReturnType<typeof dockerrun>;
