import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import type { ProducerConfig } from 'kafkajs';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { noteWait } from '../wait.js';
import { cachingPartitioner } from './cachingPartitioner.js';
import { type KafkaSettings, kafkaClient } from './kafkaClient.js';
import { kafkaFailure } from './kafkaFailure.js';
import { topicRecords } from './topicRecords.js';

/** A connected producer. After any failure it is of no use: its connections are cut, and the caller opens another one. */
export interface RecordProducer {
  /**
   * Resolves once all in-sync replicas have all records. The caller awaits it before the next call. When it rejects, some,
   * all or none of the records may have been stored, unless the error says otherwise.
   *
   * @throws TopicMismatch when a topic has another number of partitions by now; then nothing was stored.
   * @throws RecordTooLarge, Fenced; DependencyUnavailable, at the latest after `SEND_TIMEOUT_MS`.
   */
  send(records: readonly BrokerRecord[]): Promise<void>;
  /** Cuts the connections. Nothing leaves this process afterwards. */
  destroy(): void;
}

/** Longest time from the call of `send` until its outcome: nothing of a send leaves this process later than that. */
export const SEND_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 4_000;

/**
 * A producer that neither retries nor numbers its records. The idempotent producer of kafkajs loses acknowledged records:
 * after a failed send it uses the same sequence numbers for other records, which the broker acknowledges as repeats.
 *
 * @throws DependencyUnavailable
 */
export const openProducer = async (settings: KafkaSettings): Promise<RecordProducer> => {
  const { producer, declare, bounded, destroy } = connectable(settings, {});
  await bounded([], () => producer.connect());
  return {
    destroy,
    send: async (records) => {
      declare(records);
      const topicMessages = topicRecords(records);
      const topics = topicMessages.map(({ topic }) => topic);
      await bounded(topics, () => producer.sendBatch({ acks: -1, timeout: REQUEST_TIMEOUT_MS, topicMessages }));
    },
  };
};

/** The producer of kafkajs, not connected yet, with what bounds its calls. */
export const connectable = (settings: KafkaSettings, config: ProducerConfig) => {
  const client = kafkaClient(settings, { requestTimeoutMs: REQUEST_TIMEOUT_MS });
  const declared = new Map<string, number>();
  const producer = client.kafka.producer({
    createPartitioner: cachingPartitioner(declared),
    allowAutoTopicCreation: false,
    retry: { retries: 0 },
    ...config,
  });
  const destroy = (): void => {
    client.destroy();
    // Only stops the timers of kafkajs.
    producer.disconnect().catch(() => undefined);
  };
  /** To be called with the records of a send before it, so that their topics are held to their declarations. */
  const declare = (records: readonly BrokerRecord[]): void => {
    for (const { topic } of records) declared.set(topic.name, topic.partitions);
  };
  let failure: Error | undefined;

  /** Runs a call for at most `SEND_TIMEOUT_MS`, and destroys the client if it fails. */
  const bounded = async <T>(topics: readonly string[], call: () => Promise<T>): Promise<T> => {
    if (failure !== undefined) throw failure;
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      const limit = `no answer within ${SEND_TIMEOUT_MS} ms`;
      const error = () =>
        noteWait(new DependencyUnavailable('kafka'), { dependency: 'kafka', limit, waitedMs: SEND_TIMEOUT_MS });
      timer = setTimeout(() => reject(error()), SEND_TIMEOUT_MS);
    });
    try {
      return await Promise.race([call(), timedOut]);
    } catch (error) {
      failure = kafkaFailure(error, topics);
      destroy();
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  };
  return { producer, declare, bounded, destroy };
};
