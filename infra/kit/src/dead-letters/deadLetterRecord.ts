import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { type InvalidRecord, parseWorkRecord, type ReceivedRecord } from '@ums/contracts/kafka/parseWorkRecord';
import { deadLetterTopic, WORK_TOPIC } from '@ums/contracts/kafka/topics';
import { workRecord } from '@ums/contracts/kafka/workRecord';
import type { Message } from '@ums/contracts/messages/message';
import type { DeadReason } from '../message-source/messageHandler.js';
import type { DeadLetter } from './deadLetter.js';

/** Where a record stands in the work topic. */
export interface Origin {
  partition: number;
  offset: bigint;
}

/** Headers of a dead letter. Those of its work record follow if it could be read. */
const HEADERS = {
  reason: 'dead-letter-reason',
  field: 'dead-letter-field',
  consumer: 'dead-letter-consumer',
  topic: 'dead-letter-topic',
  partition: 'dead-letter-partition',
  offset: 'dead-letter-offset',
} as const;

const idOf = ({ partition, offset }: Origin): string => `${partition}-${offset}`;

/**
 * A dead letter: why a consumer could not handle a record of the work topic, and where that record stands. Of the record it
 * repeats the pointer only, and nothing if that could not be read, because the bytes may hold anything.
 */
export const deadLetterRecord = (
  consumer: string,
  origin: Origin,
  why: { reason: DeadReason } | InvalidRecord,
  message: Message | undefined,
): BrokerRecord => {
  const work = message && workRecord(message);
  return {
    topic: deadLetterTopic(consumer),
    key: idOf(origin),
    value: work?.value ?? '{}',
    headers: {
      ...work?.headers,
      [HEADERS.reason]: why.reason,
      ...('field' in why && why.field !== undefined ? { [HEADERS.field]: why.field } : {}),
      [HEADERS.consumer]: consumer,
      [HEADERS.topic]: WORK_TOPIC.name,
      [HEADERS.partition]: String(origin.partition),
      [HEADERS.offset]: String(origin.offset),
    },
  };
};

/** Says that a dead letter is settled: its message was delivered again. */
export const settledRecord = ({ consumer, id }: DeadLetter): BrokerRecord => ({
  topic: deadLetterTopic(consumer),
  key: id,
  value: null,
  headers: { [HEADERS.consumer]: consumer },
});

/** The origin of a letter of a topic. */
export const originOf = ({ id }: DeadLetter): Origin => {
  const [partition = '', offset = ''] = id.split('-');
  return { partition: Number(partition), offset: BigInt(offset) };
};

/** The letters of a topic that are not settled, in the order of their records. */
export const openLetters = (
  consumer: string,
  records: readonly (ReceivedRecord & { timestamp: string })[],
): DeadLetter[] => {
  const open = new Map<string, DeadLetter>();
  for (const record of records) {
    const id = textOf(record.key);
    if (record.value === null) open.delete(id);
    else open.set(id, letterOf(consumer, id, record));
  }
  return [...open.values()];
};

const letterOf = (consumer: string, id: string, record: ReceivedRecord & { timestamp: string }): DeadLetter => {
  const header = (name: string): string | undefined => {
    const value = record.headers?.[name];
    return value === undefined || Array.isArray(value) ? undefined : textOf(value);
  };
  const subject = header('ce_subject');
  const parsed = parseWorkRecord({ ...record, key: subject === undefined ? null : Buffer.from(subject) });
  return {
    id,
    consumer,
    reason: (header(HEADERS.reason) ?? 'refused') as DeadLetter['reason'],
    field: header(HEADERS.field),
    at: new Date(Number(record.timestamp)),
    message: 'message' in parsed ? parsed.message : undefined,
  };
};

const textOf = (bytes: Uint8Array | string | null): string => Buffer.from(bytes ?? '').toString();

const REDRIVEN_FOR = 'redriven-for';

/** The work record of a message that is delivered again, to one consumer only. */
export const redrivenRecord = (consumer: string, message: Message): BrokerRecord => {
  const record = workRecord(message);
  return { ...record, headers: { ...record.headers, [REDRIVEN_FOR]: consumer } };
};

/** The consumer that a work record was redriven for; `undefined` for records of the publisher. */
export const redrivenFor = ({ headers }: Pick<ReceivedRecord, 'headers'>): string | undefined => {
  const value = headers?.[REDRIVEN_FOR];
  return value === undefined || Array.isArray(value) ? undefined : textOf(value);
};
