import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { TopicMismatch } from './topicFaults.js';

/** A newer producer with the same transactional id has taken over. */
export class Fenced extends Error {
  override readonly name = 'Fenced';

  constructor(cause?: unknown) {
    super('another producer has taken over', { cause });
  }
}

/** A record, or the records of one send for one partition, are larger than the topic accepts. Nothing was stored. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
  readonly printable = true;

  constructor(topics: readonly string[]) {
    super(
      `A record is larger than its topic accepts (${topics.join(' or ')}). It is not skipped: raise max.message.bytes of the ` +
        'topic, and publishing continues by itself.',
    );
  }
}

/** Error codes of the Kafka protocol. */
const MESSAGE_TOO_LARGE = 10;
const RECORD_LIST_TOO_LARGE = 18;
const INVALID_PRODUCER_EPOCH = 47;
const PRODUCER_FENCED = 90;
/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, CONCURRENT_TRANSACTIONS. */
const COORDINATOR_BUSY: ReadonlySet<number> = new Set([14, 15, 16, 51]);

/** The error code of the broker's answer, from the error of kafkajs or its causes; `undefined` when there was no answer. */
const protocolCode = (error: unknown): number | undefined => {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'KafkaJSProtocolError' && 'code' in error && typeof error.code === 'number') return error.code;
  return protocolCode(error.cause);
};

/**
 * Whether the transaction coordinator cannot answer yet: it completes the previous transaction, or has only just started. The
 * request had no effect and must be repeated.
 */
export const isCoordinatorBusy = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = protocolCode(error);
  if (code !== undefined) return COORDINATOR_BUSY.has(code);
  return error.name === 'KafkaJSGroupCoordinatorNotFound' || isCoordinatorBusy(error.cause);
};

/** Thrown by our partitioner, perhaps below errors of kafkajs. */
const mismatchIn = (error: unknown): TopicMismatch | undefined => {
  if (!(error instanceof Error)) return undefined;
  return error instanceof TopicMismatch ? error : mismatchIn(error.cause);
};

/**
 * What a failed call of kafkajs means to us, with the original error as its cause.
 *
 * @param topics that the call wrote to.
 * @returns TopicMismatch, RecordTooLarge, Fenced, or else DependencyUnavailable.
 */
export const kafkaFailure = (error: unknown, topics: readonly string[] = []): Error => {
  const mismatch = mismatchIn(error);
  if (mismatch !== undefined) return mismatch;
  switch (protocolCode(error)) {
    case MESSAGE_TOO_LARGE:
    case RECORD_LIST_TOO_LARGE:
      return new RecordTooLarge(topics);
    case INVALID_PRODUCER_EPOCH:
    case PRODUCER_FENCED:
      return new Fenced(error);
    default:
      return error instanceof DependencyUnavailable ? error : new DependencyUnavailable('kafka', error);
  }
};
