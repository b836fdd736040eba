import type { KafkaSettings } from './kafkaClient.js';
import { connectable, type RecordProducer } from './producer.js';
import { topicRecords } from './topicRecords.js';
import { whileCoordinatorBusy } from './whileCoordinatorBusy.js';

/** The broker aborts a transaction that its producer left open for this long; until then, readers of committed records wait. */
const TRANSACTION_TIMEOUT_MS = 10_000;

/**
 * A producer of which only the newest can write: all earlier ones with the same id, in whatever process, get `Fenced` from
 * now on, and what they sent and is still on its way is refused. Each send is one transaction. kafkajs fences only inside of
 * transactions, and only with the first one; therefore the producer begins with an empty transaction.
 *
 * @throws Fenced, DependencyUnavailable
 */
export const openTransactionalProducer = async (
  settings: KafkaSettings,
  transactionalId: string,
): Promise<RecordProducer> => {
  const { producer, declare, bounded, destroy } = connectable(settings, {
    transactionalId,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    maxInFlightRequests: 1,
  });
  let destroyed = false;

  const whileBusy = <T>(request: () => Promise<T>): Promise<T> => whileCoordinatorBusy(request, () => destroyed);
  const end = (): void => {
    destroyed = true;
    destroy();
  };
  const begin = () => whileBusy(() => producer.transaction());

  try {
    await bounded([], () => producer.connect());
    await bounded([], async () => (await begin()).abort());
  } catch (error) {
    end();
    throw error;
  }
  return {
    destroy: end,
    send: async (records) => {
      declare(records);
      const topicMessages = topicRecords(records);
      const topics = topicMessages.map(({ topic }) => topic);
      await bounded(topics, async () => {
        const transaction = await begin();
        await whileBusy(() => transaction.sendBatch({ acks: -1, topicMessages }));
        await transaction.commit();
      }).catch((error: unknown) => {
        end();
        throw error;
      });
    },
  };
};
