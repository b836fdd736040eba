import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { PUBLISHED_TOPICS } from '@ums/contracts/kafka/topics';
import { clusterId } from '@ums/kit/kafka/clusterId';
import { ensureTopics } from '@ums/kit/kafka/ensureTopics';
import type { KafkaSettings } from '@ums/kit/kafka/kafkaClient';
import { openProducer } from '@ums/kit/kafka/producer';
import { openTransactionalProducer } from '@ums/kit/kafka/transactionalProducer';
import { consumedLogs } from '@ums/kit/kafka-source/consumedLogs';
import type { Cluster } from './cluster.js';

/**
 * The connections of the active publisher. The caller awaits each send before the next. After a failed one the session is of
 * no use: records may or may not have been stored, so the publisher opens another session and resumes at its checkpoint.
 */
export interface BrokerSession {
  /** Id of the cluster; `undefined` where the brokers tell none. */
  readonly clusterId: string | undefined;
  /**
   * Sends records of which the last one of a key counts.
   * @throws Fenced once another session was opened; DependencyUnavailable, RecordTooLarge
   */
  sendStates(records: readonly BrokerRecord[]): Promise<void>;
  /** Sends records that are in order and may repeat. @throws DependencyUnavailable, RecordTooLarge */
  sendEvents(records: readonly BrokerRecord[]): Promise<void>;
  /** Nothing leaves this process afterwards. */
  destroy(): void;
}

/** The same for all instances, so that the newest fences all others. */
const STATE_PRODUCER_ID = 'users.publisher';

/**
 * Checks the topics, then opens the session, from which on earlier sessions of any process can send no states.
 *
 * @param accept throws for a cluster on which nothing must be published, and on which no publisher is to be fenced.
 * @throws TopicMismatch, DependencyUnavailable; errors of `accept`
 */
export const openBrokerSession = async (
  settings: KafkaSettings,
  accept: (cluster: Cluster) => Promise<void> = async () => undefined,
): Promise<BrokerSession> => {
  await ensureTopics(settings, PUBLISHED_TOPICS);
  const cluster = { id: await clusterId(settings), consumedLogs: () => consumedLogs(settings) };
  await accept(cluster);
  const states = await openTransactionalProducer(settings, STATE_PRODUCER_ID);
  try {
    const events = await openProducer(settings);
    return {
      clusterId: cluster.id,
      sendStates: states.send,
      sendEvents: events.send,
      destroy: () => {
        states.destroy();
        events.destroy();
      },
    };
  } catch (error) {
    states.destroy();
    throw error;
  }
};
