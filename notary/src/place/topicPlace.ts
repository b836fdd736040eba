import { checkpointRecord } from '@ums/contracts/kafka/checkpointRecord';
import { CHECKPOINTS_TOPIC } from '@ums/contracts/kafka/topics';
import { clusterId } from '@ums/kit/kafka/clusterId';
import { ensureTopics } from '@ums/kit/kafka/ensureTopics';
import type { KafkaSettings } from '@ums/kit/kafka/kafkaClient';
import { openProducer } from '@ums/kit/kafka/producer';
import { TopicMismatch } from '@ums/kit/kafka/topicFaults';
import type pg from 'pg';
import type { Place } from './place.js';
import { noteCluster, notePublished, unpublished } from './publishedCheckpoints.js';

export interface TopicPlaceOptions {
  pool: pg.Pool;
  kafka: KafkaSettings;
  origin: string;
}

/** Name of the place. */
export const TOPIC = 'topic';

/** The time kafkajs takes to group the records of a send grows with the square of their number. */
const BATCH = 500;
/** It bounds for how long a backlog, as that of years without Kafka, keeps the notary from its next look. */
const MAX_BATCHES = 20;

/**
 * The topic of checkpoints. It gets every checkpoint in the order in which they were signed: the notary keeps which one the broker
 * has acknowledged last, and goes on from there. After a crash or a lost answer, records may be repeated. The topic of another
 * cluster gets all of them.
 *
 * The notary does not read the topic back: more may write to a broker than to a file or a bucket, and none of them should be able
 * to keep it from signing. A connection is open only while records are sent, once a minute at most.
 *
 * @throws TopicMismatch when a broker answers and the topic has other settings. Without a broker the place starts, and fails until
 * there is one.
 */
export const topicPlace = async ({ pool, kafka, origin }: TopicPlaceOptions): Promise<Place> => {
  let isChecked = false;
  const check = async (): Promise<void> => {
    if (isChecked) return;
    await ensureTopics(kafka, [CHECKPOINTS_TOPIC]);
    const cluster = await clusterId(kafka);
    const before = await noteCluster(pool, TOPIC, cluster);
    if (before !== undefined)
      kafka.log.warn('notary sends every checkpoint again, because Kafka is another cluster', {
        reason: `they were sent to cluster ${before}, and the brokers are of cluster ${cluster}`,
      });
    isChecked = true;
  };
  // At start, where an operator sees it.
  await ensureTopics(kafka, [CHECKPOINTS_TOPIC]).catch((error: unknown) => {
    if (error instanceof TopicMismatch) throw error;
    kafka.log.warn('notary starts without a broker', { dependency: 'kafka', error });
  });

  const publish = async (): Promise<void> => {
    await check();
    let batch = await unpublished(pool, TOPIC, BATCH);
    if (batch.length === 0) return;
    const producer = await openProducer(kafka);
    try {
      for (let sent = 0; batch.length > 0 && sent < MAX_BATCHES; sent += 1) {
        await producer.send(batch.map(({ note, signedAt }) => checkpointRecord({ origin, note, signedAt })));
        await notePublished(pool, TOPIC, batch.at(-1)?.id ?? '0');
        batch = batch.length < BATCH ? [] : await unpublished(pool, TOPIC, BATCH);
      }
    } finally {
      producer.destroy();
    }
  };
  return {
    name: TOPIC,
    publish: async () => {
      try {
        await publish();
      } catch (error) {
        // The broker that comes back may be another one.
        isChecked = false;
        throw error;
      }
    },
  };
};
