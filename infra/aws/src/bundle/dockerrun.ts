import { imageUri } from '../naming/images.js';
import { executionRoleName, REGION, secretName } from '../naming/names.js';
import { API_HOSTS, API_PORTS, DOCKER_NETWORK, JWKS_URL } from '../settings/apiHosts.js';
import { CERTIFICATE_FILE, CERTIFICATES } from '../settings/certificates.js';
import { type Container, containersOf, type FleetName } from '../settings/containers.js';
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
  /** `host:port` of brokers, separated by commas. Without, the notifier follows the event log and nothing is published. */
  brokers?: string | undefined;
}

/** The port of the API; workers have METRICS_PORT. */
const API_PORT = 8080;
const METRICS_PORT = 9464;

/** Services that publish to Kafka or consume from it. */
const USE_KAFKA = ['projector', 'notifier'];

const environmentOf = ({ name, fleet }: Container, brokers: string | undefined): Record<string, string> => ({
  HOST: '0.0.0.0',
  METRICS_PORT: String(METRICS_PORT),
  NODE_EXTRA_CA_CERTS: `${CERTIFICATES}/${CERTIFICATE_FILE}`,
  ...(fleet === 'api' ? { PORT: String(API_PORT), TRUSTED_PROXIES: DOCKER_NETWORK } : {}),
  ...(name === 'query-api' ? { ACCESS_TOKEN_JWKS: JWKS_URL } : {}),
  ...(brokers !== undefined && USE_KAFKA.includes(name) ? { KAFKA_BROKERS: brokers } : {}),
});

const isApi = (name: string): name is keyof typeof API_PORTS => name in API_PORTS;

const program = (container: Container, { environment, account, tag, brokers }: BundleTarget) => ({
  name: container.name,
  image: imageUri(account, 'ums/service', tag),
  command: [container.program],
  memory: container.memoryMb,
  ...confined(container.scratchMb),
  environment: Object.entries(environmentOf(container, brokers)).map(([name, value]) => ({ name, value })),
  secrets: Object.entries(container.secrets).map(([name, secret]) => ({
    name,
    valueFrom: `arn:aws:secretsmanager:${REGION}:${account}:secret:${secretName(environment, secret)}`,
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
