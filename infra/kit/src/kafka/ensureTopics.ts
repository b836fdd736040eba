import { setTimeout as sleep } from 'node:timers/promises';
import type { Topic } from '@ums/contracts/kafka/topics';
import kafkajs, { type Admin } from 'kafkajs';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { type KafkaSettings, kafkaClient } from './kafkaClient.js';
import { kafkaFailure } from './kafkaFailure.js';
import { TopicMismatch, topicFaults } from './topicFaults.js';

const { ConfigResourceTypes } = kafkajs;

const POLL_MS = 50;
/** How long new topics may take until all their partitions have a leader. */
const LEADER_TIMEOUT_MS = 10_000;
/** The broker's default. */
const REPLICATION_FACTOR = -1;

/**
 * Creates the topics that do not exist, and checks the settings of the others. Never changes an existing topic: another
 * number of partitions would break the order of its keys, and other settings may have been chosen by an operator.
 *
 * @throws TopicMismatch with instructions; DependencyUnavailable
 */
export const ensureTopics = async (settings: KafkaSettings, topics: readonly Topic[]): Promise<void> => {
  const client = kafkaClient(settings);
  const admin = client.kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    await create(
      admin,
      topics.filter(({ name }) => !existing.has(name)),
    );
    const partitions = await partitionCounts(admin, topics);
    const configs = await configsOf(admin, topics);
    const faults = topics.flatMap((topic) =>
      topicFaults(topic, { partitions: partitions.get(topic.name), config: configs.get(topic.name) }),
    );
    if (faults.length > 0) throw new TopicMismatch(faults);
  } catch (error) {
    throw error instanceof TopicMismatch ? error : kafkaFailure(error);
  } finally {
    client.destroy();
    admin.disconnect().catch(() => undefined);
  }
};

/** Another process may create them at the same time; kafkajs does not count that as a failure. */
const create = async (admin: Admin, topics: readonly Topic[]): Promise<void> => {
  if (topics.length === 0) return;
  await admin.createTopics({
    // kafkajs fails when the metadata of a broker does not contain a new topic yet.
    waitForLeaders: false,
    topics: topics.map(({ name, partitions, config }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: REPLICATION_FACTOR,
      configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    })),
  });
};

const partitionCounts = async (admin: Admin, topics: readonly Topic[]): Promise<ReadonlyMap<string, number>> => {
  for (const end = performance.now() + LEADER_TIMEOUT_MS; performance.now() < end; await sleep(POLL_MS)) {
    const found = await metadataOf(admin, topics);
    const isLed = found.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
    if (found.length === topics.length && isLed)
      return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
  }
  throw new DependencyUnavailable('kafka');
};

/** `[]` while the broker's metadata lacks a topic, or a partition has no leader. */
const metadataOf = async (admin: Admin, topics: readonly Topic[]) => {
  try {
    return (await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) })).topics;
  } catch (error) {
    const { type } = error as { type?: unknown };
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE') return [];
    throw error;
  }
};

const configsOf = async (
  admin: Admin,
  topics: readonly Topic[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> => {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name, config }) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: Object.keys(config),
    })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
};
