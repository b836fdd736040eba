import { randomUUID } from 'node:crypto';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { deadLetterTopic, WORK_TOPIC } from '@ums/contracts/kafka/topics';
import { workRecord } from '@ums/contracts/kafka/workRecord';
import { toMessage } from '@ums/contracts/messages/message';
import { deadLetterTopics } from '@ums/kit/dead-letters/deadLetterTopics';
import { ensureTopics } from '@ums/kit/kafka/ensureTopics';
import type { KafkaSettings } from '@ums/kit/kafka/kafkaClient';
import { groupOffsets } from '@ums/kit/kafka-source/groupOffsets';
import { kafkaSource } from '@ums/kit/kafka-source/kafkaSource';
import { workGroup } from '@ums/kit/kafka-source/kafkaSourceOptions';
import kafkajs, { type Admin, type Message as KafkaRecord, type Producer } from 'kafkajs';
import { expectContract } from '../../../contracts/test/contractMismatches.js';
import type { SourceAdapter } from './consumerTestbed.js';
import { until } from './until.js';

const { ConfigResourceTypes, Kafka, Partitioners, logLevel } = kafkajs;

/** All ids of the tests are in this partition, so that they compete for one offset. */
const PARTITION = 5;

const untilResolved = (work: () => Promise<unknown>): Promise<void> =>
  until(() =>
    work().then(
      () => true,
      () => false,
    ),
  );

/** The source on a Kafka broker, and a publisher of its records. Connect it before the tests, and close it after them. */
export const kafkaAdapter = () => {
  let settings: KafkaSettings;
  let admin: Admin;
  let producer: Producer;
  let consumer: string;
  const offsets = new Map<string, bigint>();
  const partitioner = Partitioners.DefaultPartitioner();

  const connect = async (to: KafkaSettings): Promise<void> => {
    settings = to;
    const client = new Kafka({ brokers: [...to.brokers], logLevel: logLevel.NOTHING });
    admin = client.admin();
    producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await Promise.all([admin.connect(), producer.connect()]);
    await ensureTopics(settings, [WORK_TOPIC]);
    // The broker refuses the first send into a new topic until it leads it.
    await untilResolved(() => send({ key: '', value: '' }));
  };

  const deleteRecords = async (): Promise<void> => {
    const ends = await admin.fetchTopicOffsets(WORK_TOPIC.name);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await admin.deleteTopicRecords({ topic: WORK_TOPIC.name, partitions });
  };

  /** Sends a record as it is to the work topic. @returns its offset */
  const send = async (record: KafkaRecord): Promise<bigint> => {
    const [sent] = await producer.send({ topic: WORK_TOPIC.name, messages: [{ partition: PARTITION, ...record }] });
    return BigInt(sent?.baseOffset ?? -1);
  };
  const sendRecord = ({ key, value, headers }: BrokerRecord): Promise<bigint> => send({ key, value, headers });

  const setMaxBytes = (topic: { name: string; config: Readonly<Record<string, string>> }, bytes: string) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: topic.name,
          configEntries: Object.entries({ ...topic.config, 'max.message.bytes': bytes }).map(([name, value]) => ({
            name,
            value,
          })),
        },
      ],
    });

  const adapter: SourceAdapter = {
    source: (options) => kafkaSource({ ...options, kafka: settings }),
    begin: async (name) => {
      consumer = name;
      // A broker that has just restarted does not lead all partitions at once.
      await untilResolved(deleteRecords);
    },
    deliver: async (event) => {
      const message = toMessage(event);
      if (message === undefined) return;
      const record = workRecord(message);
      expectContract(record.topic.name, record);
      offsets.set(event.id, await sendRecord(record));
    },
    hasReached: async ({ id }) => {
      const found = await groupOffsets(settings, workGroup(consumer), WORK_TOPIC.name).catch(() => []);
      const partition = found.find((one) => one.partition === PARTITION);
      return partition !== undefined && partition.next > (offsets.get(id) ?? partition.end);
    },
    deadLetters: () => deadLetterTopics(settings, [consumer]),
    refuseDeadLetters: async () => {
      const topic = deadLetterTopic(consumer);
      await ensureTopics(settings, [topic]);
      await setMaxBytes(topic, '1');
      return async () => {
        await setMaxBytes(topic, '1048588');
      };
    },
    newUserId: () => {
      const partitionMetadata = Array.from({ length: WORK_TOPIC.partitions }, (_, partitionId) => ({
        ...{ partitionId, leader: 1, partitionErrorCode: 0, replicas: [], isr: [] },
      }));
      for (;;) {
        const key = randomUUID();
        const message = { key, value: '' };
        if (partitioner({ topic: WORK_TOPIC.name, partitionMetadata, message }) === PARTITION) return key;
      }
    },
  };
  return {
    ...adapter,
    connect,
    send,
    sendRecord,
    /** Lets the work topic accept records up to this size. */
    acceptRecordsOf: (bytes: number) => setMaxBytes(WORK_TOPIC, String(bytes)),
    settings: () => settings,
    close: () => Promise.all([admin.disconnect(), producer.disconnect()]),
  };
};
