import type { RecordedEvent } from '@ums/contracts/events/event';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { eventRecord } from '@ums/contracts/kafka/eventRecord';
import { workRecord } from '@ums/contracts/kafka/workRecord';
import { toMessage } from '@ums/contracts/messages/message';
import { topicRecords } from '@ums/kit/kafka/topicRecords';
import kafkajs from 'kafkajs-unpatched';
import { ownCpuMs } from '../load/compareCosts.js';

const { Kafka, Partitioners, logLevel } = kafkajs;

/** The records of events in batches of so many events, ready to be sent. */
export const batchesOf = (events: readonly RecordedEvent[], eventsPerBatch: number): BrokerRecord[][] => {
  const messages = events.flatMap((event) => toMessage(event) ?? []);
  return Array.from({ length: Math.ceil(messages.length / eventsPerBatch) }, (_, index) =>
    messages
      .slice(index * eventsPerBatch, (index + 1) * eventsPerBatch)
      .flatMap((message) => [eventRecord(message) ?? [], workRecord(message)].flat()),
  );
};

/**
 * The loop that the publisher is compared with. A producer of kafkajs without our patch, with its defaults, sends records that
 * are ready, batch by batch, each acknowledged by all replicas. It reads no log and keeps neither a checkpoint nor states.
 *
 * @returns CPU time of this process, in ms
 */
export const sendBare = async (broker: string, batches: readonly BrokerRecord[][]): Promise<number> => {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const before = ownCpuMs();
  for (const records of batches) await producer.sendBatch({ acks: -1, topicMessages: topicRecords(records) });
  const cpuMs = ownCpuMs() - before;
  await producer.disconnect();
  return cpuMs;
};
