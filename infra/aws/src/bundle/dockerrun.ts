import { copiedTag, imageUri } from '../naming/images.js';
import { executionRoleName, logGroupName, REGION, secretName } from '../naming/names.js';
import { CERTIFICATE_FILE, CERTIFICATES } from '../settings/certificates.js';
import { type Container, containersOf, type FleetName } from '../settings/containers.js';
import type { EnvironmentName } from '../size/environments.js';

/** What a bundle is for. */
export interface BundleTarget {
  environment: EnvironmentName;
  /** Id of the account. */
  account: string;
  /** Tag of the image `ums/service`. */
  tag: string;
  /** `host:port` of brokers, separated by commas, as MSK tells them for SCRAM. */
  brokers: string;
}

/** The port of the API; workers have METRICS_PORT. */
const API_PORT = 8080;
const METRICS_PORT = 9464;

const environmentOf = ({ name, fleet }: Container, brokers: string): Record<string, string> => ({
  HOST: '0.0.0.0',
  METRICS_PORT: String(METRICS_PORT),
  NODE_EXTRA_CA_CERTS: `${CERTIFICATES}/${CERTIFICATE_FILE}`,
  ...(fleet === 'api' ? { PORT: String(API_PORT), TRUSTED_PROXIES: DOCKER_NETWORK } : {}),
  ...(name === 'query-api' ? { ACCESS_TOKEN_JWKS: `http://command-api:${API_PORT}/.well-known/jwks.json` } : {}),
  ...(fleet === 'projector' || fleet === 'notifier' ? { KAFKA_BROKERS: brokers } : {}),
});

/** Docker's bridge, on which the proxy reaches the services. Nothing else is in it. */
const DOCKER_NETWORK = '172.17.0.0/16';

const linesTo = (environment: EnvironmentName, name: string) => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': logGroupName(environment, name),
    'awslogs-region': REGION,
    'awslogs-stream-prefix': 'ecs',
  },
});

/** No container writes to its own files or has privileges, as in docker-compose.yml. */
const confined = (scratchMb: number) => ({
  essential: true,
  readonlyRootFilesystem: true,
  privileged: false,
  linuxParameters: {
    capabilities: { drop: ['ALL'] },
    tmpfs: [{ containerPath: '/tmp', size: scratchMb, mountOptions: ['mode=1777'] }],
  },
  dockerSecurityOptions: ['no-new-privileges'],
});

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
  ...(container.fleet === 'api'
    ? container.name === 'query-api'
      ? { links: ['command-api'] }
      : {}
    : { portMappings: [{ hostPort: METRICS_PORT, containerPort: METRICS_PORT }] }),
  logConfiguration: linesTo(environment, container.name),
});

/** The reverse proxy that divides requests between the two APIs by path and method. */
const proxy = ({ environment, account }: BundleTarget) => ({
  name: 'proxy',
  image: imageUri(account, 'ums/proxy', copiedTag('ums/proxy')),
  memory: 64,
  ...confined(64),
  links: containersOf('api').map(({ name }) => name),
  mountPoints: [{ sourceVolume: 'proxy', containerPath: '/etc/nginx/conf', readOnly: true }],
  command: ['nginx', '-c', '/etc/nginx/conf/nginx.conf', '-g', 'daemon off;'],
  portMappings: [{ hostPort: 80, containerPort: API_PORT }],
  logConfiguration: linesTo(environment, 'proxy'),
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
    ...(fleet === 'api' ? [proxy(target)] : []),
  ],
});

export type Dockerrun = ReturnType<typeof dockerrun>;
