import { randomUUID } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { type KafkaSettings, kafkaClient } from './kafkaClient.js';
import { withAdmin } from './withAdmin.js';

/** Longest time without a further record. */
const SILENCE_MS = 10_000;

export interface PartitionRange {
  topic: string;
  partition: number;
  /** @default the first record that is left */
  from?: bigint;
  /** Exclusive. @default the end of the partition now */
  to?: bigint;
}

/**
 * Reads a range of one partition, for an operator's command. Records that retention has removed are left out.
 * @throws DependencyUnavailable; errors of kafkajs
 */
export const readPartition = async (settings: KafkaSettings, range: PartitionRange): Promise<KafkaMessage[]> => {
  const { topic, partition } = range;
  const offsets = await withAdmin(settings, (admin) => offsetsOf(admin, topic));
  const { low, high } = offsets.find((one) => one.partition === partition) ?? { low: '0', high: '0' };
  const from = max(BigInt(low), range.from ?? 0n);
  const to = min(BigInt(high), range.to ?? BigInt(high));
  return from < to ? await read(settings, { topic, partition, from, to }, offsets.length) : [];
};

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

type Offsets = { partition: number; low: string; high: string }[];

/** `[]` for a topic that does not exist. */
const offsetsOf = async (
  admin: { listTopics(): Promise<string[]>; fetchTopicOffsets(topic: string): Promise<Offsets> },
  topic: string,
): Promise<Offsets> => ((await admin.listTopics()).includes(topic) ? await admin.fetchTopicOffsets(topic) : []);

const read = async (
  settings: KafkaSettings,
  { topic, partition, from, to }: Required<PartitionRange>,
  partitions: number,
): Promise<KafkaMessage[]> => {
  const client = kafkaClient(settings);
  const consumer = client.kafka.consumer({
    // A group without committed offsets is gone when its only member has left.
    groupId: `${topic}.reader-${randomUUID()}`,
    maxWaitTimeInMs: 200,
    retry: { retries: 5, initialRetryTime: 100, restartOnFailure: async () => false },
  });
  const records = new Map<bigint, KafkaMessage>();
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const waitOn = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => reject(new DependencyUnavailable('kafka')), SILENCE_MS);
      };
      const start = async (): Promise<void> => {
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        await consumer.run({
          autoCommit: false,
          eachMessage: async (received) => {
            const offset = BigInt(received.message.offset);
            if (received.partition !== partition || offset < from || offset >= to) return;
            records.set(offset, received.message);
            waitOn();
            if (offset + 1n === to) resolve();
          },
        });
        const others = Array.from({ length: partitions }, (_, index) => index).filter((index) => index !== partition);
        consumer.pause([{ topic, partitions: others }]);
        consumer.seek({ topic, partition, offset: String(from) });
      };
      waitOn();
      start().catch(reject);
    });
    return [...records.values()];
  } finally {
    clearTimeout(timer);
    await consumer.disconnect().catch(() => undefined);
    client.destroy();
  }
};
