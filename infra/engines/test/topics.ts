import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { until } from '../../kit/test/until.js';

/** Creates a topic with one partition and resolves with its name when the partition has a leader. */
export const createTopic = async (client: Kafka): Promise<string> => {
  const topic = `topic-${randomUUID()}`;
  const admin = client.admin();
  await admin.connect();
  // With `waitForLeaders`, kafkajs may throw although the topic has been created.
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 1 }] });
  await until(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }));
    return (topics[0]?.partitions[0]?.leader ?? -1) >= 0;
  });
  await admin.disconnect();
  return topic;
};

/** The values in the only partition of a topic up to its end, in order. */
export const valuesOf = async (client: Kafka, topic: string): Promise<string[]> => {
  const admin = client.admin();
  await admin.connect();
  const end = Number((await admin.fetchTopicOffsets(topic))[0]?.high ?? 0);
  await admin.disconnect();
  const values: string[] = [];
  if (end === 0) return values;
  const consumer = client.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let position = 0;
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(String(message.value));
      position = Number(message.offset) + 1;
    },
  });
  await until(() => position >= end);
  await consumer.disconnect();
  return values;
};
