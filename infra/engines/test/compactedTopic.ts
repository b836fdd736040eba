import kafkajs from 'kafkajs';
import { until } from '../../kit/test/until.js';

const { CompressionTypes, ConfigResourceTypes, Kafka, Partitioners, logLevel } = kafkajs;

/** Compacts at once what is in closed segments, and closes a segment at the next record. */
const AT_ONCE = {
  ...{ 'segment.ms': '1', 'min.cleanable.dirty.ratio': '0', 'max.compaction.lag.ms': '1' },
  'file.delete.delay.ms': '1',
};

/** Keys of the planted records: a value of each is there until it is compacted away. */
const PLANTED_KEYS = ['planted', 'packed'] as const;

/** A topic that exists, as it was created. */
interface CompactedTopic {
  name: string;
  partitions: number;
  /** All settings that it was created with. */
  config: Readonly<Record<string, string>>;
}

/**
 * A compacted topic in which a test plants records, to see that it finds them and that compaction removes them.
 *
 * @param broker `host:port`
 */
export const compactedTopic = async (broker: string, { name: topic, partitions, config }: CompactedTopic) => {
  const kafka = new Kafka({ brokers: [broker], clientId: 'canary', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);

  /** Appends a record to each partition, which closes the segments of the records before. */
  const appendEverywhere = () =>
    producer.send({
      topic,
      messages: Array.from({ length: partitions }, (_, partition) => ({ partition, key: 'end', value: null })),
    });

  return {
    /** Writes a text as a record, and another one as a compressed record. */
    plant: async (planted: string, packed: string): Promise<void> => {
      await producer.send({ topic, messages: [{ key: PLANTED_KEYS[0], value: planted }] });
      const messages = [{ key: PLANTED_KEYS[1], value: packed.padEnd(1_000) }];
      await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
    },
    /** Deletes what was planted, and compacts the topic until `isDone`. */
    compact: async (isDone: () => Promise<boolean>): Promise<void> => {
      await producer.send({ topic, messages: PLANTED_KEYS.map((key) => ({ key, value: null })) });
      const configEntries = Object.entries({ ...config, ...AT_ONCE }).map(([entry, value]) => ({ name: entry, value }));
      const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
      await admin.alterConfigs({ validateOnly: false, resources });
      await until(async () => {
        await appendEverywhere();
        return isDone();
      });
    },
    close: async (): Promise<void> => {
      await Promise.all([producer.disconnect(), admin.disconnect()]);
    },
  };
};
