import { randomUUID } from 'node:crypto';
import { PUBLISHED_TOPICS, type Topic } from '@ums/contracts/kafka/topics';
import kafkajs from 'kafkajs';
import { until } from '../../infra/kit/test/until.js';
import { checkedRecords } from './checkedRecords.js';

const { Kafka, Partitioners, logLevel } = kafkajs;

/** Header of the records with which a reader marks the end of a partition. */
const END = 'end';

/** Reads the topics of the publisher as another system does: from the beginning, and committed records only. */
export const readTopics = async (brokers: readonly string[], topics: readonly Topic[] = PUBLISHED_TOPICS) => {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'reader', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const received = checkedRecords();
  const ends: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map(({ name }) => name), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      if (message.headers?.[END] !== undefined) return void ends.push(String(message.key));
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      received.add({
        topic,
        key: String(message.key),
        value: message.value === null ? null : String(message.value),
        headers: Object.fromEntries(headers),
      });
    },
  });

  return {
    /**
     * What has arrived so far. Records of one partition are in its order. Fails the test if one is not as the contract promises.
     */
    get records() {
      return received.all();
    },
    /** Waits until everything that is in the topics now has arrived, by a record of its own at the end of each partition. */
    caughtUp: async (): Promise<void> => {
      const end = randomUUID();
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      const topicMessages = topics.map(({ name, partitions }) => ({
        topic: name,
        messages: Array.from({ length: partitions }, (_, partition) => ({
          ...{ partition, key: end, value: '', headers: { [END]: 'true' } },
        })),
      }));
      await producer.sendBatch({ topicMessages });
      await producer.disconnect();
      const expected = topics.reduce((sum, { partitions }) => sum + partitions, 0);
      await until(() => ends.filter((key) => key === end).length === expected);
    },
    close: () => consumer.disconnect(),
  };
};

export type TopicReader = Awaited<ReturnType<typeof readTopics>>;
