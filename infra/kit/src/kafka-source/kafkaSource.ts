import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterTopic, WORK_TOPIC } from '@ums/contracts/kafka/topics';
import { backoffMs } from '../backoffMs.js';
import { checkpointStore } from '../event-log/checkpointStore.js';
import { ensureTopics } from '../kafka/ensureTopics.js';
import { TopicMismatch } from '../kafka/topicFaults.js';
import type { Consumer, MessageSource } from '../message-source/messageSource.js';
import { consumeAsMember, type MemberProgress } from './consumeAsMember.js';
import { type ExposedGroupLag, exposeGroupLag } from './exposeGroupLag.js';
import { groupOffsets, verifyGroupOffsets } from './groupOffsets.js';
import { Stalled } from './groupWatch.js';
import { type KafkaSourceOptions, workGroup } from './kafkaSourceOptions.js';
import { isFinal, refusedAccess } from './memberFailure.js';

const BACKOFF = { firstMs: 50, maxMs: 5_000 };
/** An operator must act first. */
const OPERATOR_BACKOFF = { firstMs: 30_000, maxMs: 30_000 };

/**
 * Messages from the work topic of a Kafka broker. All instances of a consumer share its partitions.
 *
 * A new group begins with the first record. Messages up to the checkpoint of `eventLogSource` are done and skipped, so that
 * Kafka can be turned on at any time. While the broker is away, the consumer waits; the process ends (`finished` rejects) when
 * waiting cannot help.
 */
export const kafkaSource = (options: KafkaSourceOptions): MessageSource => ({
  consume: async (consumer) => {
    await checkStart(options, consumer);
    const progress: MemberProgress = { lag: undefined, isStalled: false };
    const lag = exposeGroupLag(consumer.name);
    const finished = keepConsuming(options, consumer, progress, lag).finally(lag.hide);
    return { finished, progress: () => progress };
  },
});

/** Checks what can be checked at start, where an operator sees it. Every new member checks again. */
const checkStart = async (options: KafkaSourceOptions, consumer: Consumer): Promise<void> => {
  try {
    await prepare(options, consumer);
  } catch (error) {
    if (!isAway(error)) throw error;
    options.log.warn('consumer starts without a broker', { lane: consumer.name, dependency: 'kafka', error });
  }
};

const isAway = (error: unknown): boolean =>
  error instanceof Error && 'dependency' in error && error.dependency === 'kafka';

/**
 * Creates and checks the topics, and proves that checkpoint and committed offsets belong to this log.
 *
 * @returns the position up to which messages are done.
 * @throws TopicMismatch, StartRefused, DependencyUnavailable, LogUnavailable
 */
const prepare = async (
  { kafka, pool, schema, eventLog }: KafkaSourceOptions,
  { name }: Consumer,
): Promise<bigint | undefined> => {
  const checkpoint = await checkpointStore(`${schema}.checkpoint`, name).readVerified(pool, eventLog);
  await ensureTopics(kafka, [WORK_TOPIC, deadLetterTopic(name)]);
  await verifyGroupOffsets(eventLog, await groupOffsets(kafka, workGroup(name), WORK_TOPIC.name));
  return checkpoint?.position;
};

/** Runs one member after another until the consumer stops. @throws an error after which another member would not help */
const keepConsuming = async (
  options: KafkaSourceOptions,
  consumer: Consumer,
  progress: MemberProgress,
  { measured }: Pick<ExposedGroupLag, 'measured'>,
): Promise<void> => {
  const { log } = options;
  const { name: lane, signal } = consumer;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const doneUpTo = await prepare(options, consumer);
      // A join is no progress: members that join and then fail must wait longer each time.
      const committed = () => {
        attempt = 1;
      };
      await consumeAsMember(options, consumer, doneUpTo, progress, { committed, measured });
    } catch (error) {
      if (signal.aborted) return;
      const isStalled = error instanceof Stalled;
      if (isFinal(error) || (isStalled && progress.isStalled)) throw error;
      progress.isStalled = isStalled;
      const reason = refusedAccess(error);
      const needsOperator = error instanceof TopicMismatch || reason !== undefined;
      if (needsOperator)
        log.error('consumer waits for an operator', { lane, attempt, error, ...(reason && { reason }) });
      else log.warn('consumer restarts', { lane, attempt, error });
      await sleep(backoffMs(attempt, needsOperator ? OPERATOR_BACKOFF : BACKOFF), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }
};
