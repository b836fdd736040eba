import type { StartedTestContainer } from 'testcontainers';
import { SINGLE_NODE } from '../src/kafka/serverProperties.js';
import { OPENSEARCH } from '../src/openSearch/startOpenSearch.js';
import { freePorts } from '../src/ports.js';
import { announceOnce } from './announceOnce.js';
import { atEndOfFile } from './atEndOfFile.js';

/** The image of `docker-compose.yml`, which says why its version is not that of `startKafka`. */
export const KAFKA_IMAGE = 'apache/kafka:4.3.1';
const OPENSEARCH_IMAGE = `opensearchproject/opensearch:${OPENSEARCH.version}`;

/** A broker in a container that ends with the file, with the settings of `startKafka`. */
export const kafkaContainer = async (): Promise<{ brokers: string }> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  // The broker tells its clients this port, so it must be known before the start.
  const [port = 0] = await freePorts(1);
  const settings = Object.entries(SINGLE_NODE).map(([name, value]) => [
    `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
    value,
  ]);
  const container = new GenericContainer(KAFKA_IMAGE)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      ...Object.fromEntries(settings),
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_NODE_ID: '1',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));
  await untilEndOfFile(KAFKA_IMAGE, container.start());
  return { brokers: `127.0.0.1:${port}` };
};

/** A node in a container that ends with the file, without authentication. */
export const openSearchContainer = async (): Promise<{ url: string }> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = new GenericContainer(OPENSEARCH_IMAGE)
    .withExposedPorts(9200)
    .withEnvironment({
      'discovery.type': 'single-node',
      'cluster.routing.allocation.disk.threshold_enabled': 'false',
      DISABLE_SECURITY_PLUGIN: 'true',
      DISABLE_INSTALL_DEMO_CONFIG: 'true',
      OPENSEARCH_JAVA_OPTS: '-Xms512m -Xmx512m',
    })
    .withWaitStrategy(Wait.forHttp('/_cluster/health?wait_for_status=yellow', 9200));
  const started = await untilEndOfFile(OPENSEARCH_IMAGE, container.start());
  return { url: `http://127.0.0.1:${started.getMappedPort(9200)}` };
};

const untilEndOfFile = async (
  image: string,
  starting: Promise<StartedTestContainer>,
): Promise<StartedTestContainer> => {
  const started = await starting;
  atEndOfFile(() => started.stop());
  announceOnce(`Tests run on ${image} in a container.`);
  return started;
};
