import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { type Kafka, type KafkaOptions, startKafka } from '../src/kafka/startKafka.js';
import { type OpenSearch, type OpenSearchOptions, startOpenSearch } from '../src/openSearch/startOpenSearch.js';
import { announceOnce } from './announceOnce.js';

/** Time-out of a `beforeAll` that starts an engine: the first one on a machine downloads it. */
export const ENGINE_START_TIMEOUT_MS = 600_000;

const stops: (() => Promise<void>)[] = [];
let kafka: Promise<Kafka> | undefined;
let openSearch: Promise<OpenSearch> | undefined;

afterAll(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
}, 120_000);

/** A broker that all tests of the file share; the first call starts it, and it ends with the file. */
export const kafkaForTests = (): Promise<Kafka> => {
  kafka ??= ownKafka();
  return kafka;
};

/** A node that all tests of the file share; the first call starts it, and it ends with the file. */
export const openSearchForTests = (): Promise<OpenSearch> => {
  openSearch ??= ownOpenSearch();
  return openSearch;
};

/** Starts a broker on a new folder, unless the options name one. Tests may kill it and start it again; it ends with the file. */
export const ownKafka = async (options: Partial<KafkaOptions> = {}): Promise<Kafka> => {
  const broker = await startKafka({ dataDir: await temporaryFolder('ums-kafka-'), ...options });
  stops.push(broker.stop);
  announceOnce(`Tests run on Kafka ${broker.version}.`);
  return broker;
};

/** As {@link ownKafka}, an OpenSearch node. */
export const ownOpenSearch = async (options: Partial<OpenSearchOptions> = {}): Promise<OpenSearch> => {
  const node = await startOpenSearch({ dataDir: await temporaryFolder('ums-opensearch-'), ...options });
  stops.push(node.stop);
  announceOnce(`Tests run on OpenSearch ${node.version}.`);
  return node;
};

/** A new folder that is deleted after the tests of the file, when the engines on it have ended. */
export const temporaryFolder = async (prefix: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  stops.unshift(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};
