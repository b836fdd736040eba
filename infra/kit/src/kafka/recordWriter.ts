import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import type { KafkaSettings } from './kafkaClient.js';
import { openProducer, type RecordProducer } from './producer.js';

export interface RecordWriter {
  /**
   * Resolves when the record is stored, after all earlier ones have been written or have failed.
   * @throws DependencyUnavailable, RecordTooLarge
   */
  write(record: BrokerRecord): Promise<void>;
  close(): void;
}

/** Writes single records, one at a time. The first one connects, and so does the next one after a failure. */
export const recordWriter = (settings: KafkaSettings): RecordWriter => {
  let producer: RecordProducer | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const send = async (record: BrokerRecord): Promise<void> => {
    producer ??= await openProducer(settings);
    try {
      await producer.send([record]);
    } catch (error) {
      producer = undefined;
      throw error;
    }
  };
  return {
    write: (record) => {
      const written = last.then(() => send(record));
      last = written.catch(() => undefined);
      return written;
    },
    close: () => producer?.destroy(),
  };
};
