import { whyUnavailable } from '../src/install/installEngine.js';
import { KAFKA, type Kafka, type KafkaOptions, startKafka } from '../src/kafka/startKafka.js';
import {
  OPENSEARCH,
  type OpenSearch,
  type OpenSearchOptions,
  startOpenSearch,
} from '../src/openSearch/startOpenSearch.js';
import { startVersitygw, type Versitygw, type VersitygwOptions } from '../src/versitygw/startVersitygw.js';
import { announceOnce } from './announceOnce.js';
import { atEndOfFile, temporaryFolder } from './atEndOfFile.js';
import { kafkaContainer, openSearchContainer } from './engineContainers.js';

export { temporaryFolder };

/** Time-out of a `beforeAll` that starts an engine: the first one on a machine downloads it. */
export const ENGINE_START_TIMEOUT_MS = 600_000;

type SharedKafka = Pick<Kafka, 'brokers'>;
type SharedOpenSearch = Pick<OpenSearch, 'url'>;

let kafka: Promise<SharedKafka> | undefined;
let openSearch: Promise<SharedOpenSearch> | undefined;

/**
 * A broker that all tests of the file share; the first call starts it, and it ends with the file. It runs in a container only
 * where no JVM can run it: a container's port is open to other machines, and its start takes longer.
 */
export const kafkaForTests = (): Promise<SharedKafka> => {
  kafka ??= whyUnavailable(KAFKA) === undefined ? ownKafka() : kafkaContainer();
  return kafka;
};

/** As {@link kafkaForTests}, an OpenSearch node. */
export const openSearchForTests = (): Promise<SharedOpenSearch> => {
  openSearch ??= whyUnavailable(OPENSEARCH) === undefined ? ownOpenSearch() : openSearchContainer();
  return openSearch;
};

/** Starts a broker on a new folder, unless the options name one. Tests may kill it and start it again; it ends with the file. */
export const ownKafka = async (options: Partial<KafkaOptions> = {}): Promise<Kafka> => {
  const broker = await startKafka({ dataDir: await temporaryFolder('ums-kafka-'), ...options });
  atEndOfFile(broker.stop);
  announceOnce(`Tests run on Kafka ${broker.version}.`);
  return broker;
};

/** As {@link ownKafka}, an OpenSearch node. */
export const ownOpenSearch = async (options: Partial<OpenSearchOptions> = {}): Promise<OpenSearch> => {
  const node = await startOpenSearch({ dataDir: await temporaryFolder('ums-opensearch-'), ...options });
  atEndOfFile(node.stop);
  announceOnce(`Tests run on OpenSearch ${node.version}.`);
  return node;
};

/** As {@link ownKafka}, an S3 gateway. */
export const ownVersitygw = async (options: Partial<VersitygwOptions> = {}): Promise<Versitygw> => {
  const gateway = await startVersitygw({ dataDir: await temporaryFolder('ums-versitygw-'), ...options });
  atEndOfFile(gateway.stop);
  announceOnce(`Tests run on versitygw ${gateway.version}.`);
  return gateway;
};
