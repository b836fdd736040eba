import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type KafkaMessage, type PartitionAssigner } from 'kafkajs';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { type KafkaSettings, kafkaClient } from '../kafka/kafkaClient.js';

const { PartitionAssigners } = kafkajs;

export interface GroupMemberHandlers {
  /** Awaited before each join, the first included; from then on, other members may get the partitions. Never rejects. */
  beforeJoin(): Promise<void>;
  joined(partitions: readonly number[]): void;
  /** Takes records in order, and returns how many; the rest is delivered again after `room` has resolved. Never throws. */
  take(partition: number, records: readonly KafkaMessage[]): number;
  room(partition: number): Promise<void>;
}

export interface CommittedOffset {
  partition: number;
  /** Offset of the first record that is not finished. */
  offset: bigint;
  metadata: string;
}

/** A connected member of a consumer group. */
export interface GroupMember {
  /** Rejects when the member failed; it must be stopped then. */
  failed: Promise<never>;
  /** @throws DependencyUnavailable after 2 s; errors of kafkajs, for example while the group is rebalancing. */
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
  /** Fetches no more records, and stays a member. */
  pause(): void;
  /** Leaves the group, so that other members get the partitions at once. */
  stop(): Promise<void>;
}

/** The least that brokers accept by default. A member that was killed keeps its partitions for this time. */
const SESSION_TIMEOUT_MS = 6_000;
/** A rebalance is noticed by a heartbeat. kafkajs sends them between fetches, which take at most `FETCH_WAIT_MS`. */
const HEARTBEAT_MS = 500;
const FETCH_WAIT_MS = 500;
/** How long members have to join again in a rebalance. */
const REBALANCE_TIMEOUT_MS = 10_000;
const LEAVE_TIMEOUT_MS = 3_000;
const COMMIT_TIMEOUT_MS = 2_000;

/**
 * Joins a consumer group and delivers the records of its partitions, from the committed offsets or the first record. Work must
 * not be done in `take`: heartbeats are sent between calls. kafkajs does not restart the member after a failure.
 *
 * @throws errors of kafkajs when no broker can be reached.
 */
export const joinGroup = async (
  settings: KafkaSettings,
  { groupId, topic }: { groupId: string; topic: string },
  handlers: GroupMemberHandlers,
): Promise<GroupMember> => {
  const client = kafkaClient(settings);
  const consumer = client.kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    partitionAssigners: [assignerAfter(handlers.beforeJoin)],
    // kafkajs needs some to join while other members join as well.
    retry: { retries: 5, initialRetryTime: 100, restartOnFailure: async () => false },
  });
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  let isStopping = false;
  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    if (!isStopping) handlers.joined(payload.memberAssignment[topic] ?? []);
  });
  const stop = async (): Promise<void> => {
    isStopping = true;
    const left = consumer.disconnect().catch(() => undefined);
    await Promise.race([left, sleep(LEAVE_TIMEOUT_MS, undefined, { ref: false })]);
    client.destroy();
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
  } catch (error) {
    await stop();
    throw error;
  }
  const running = consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, pause }) => {
      if (isStopping) return;
      const { partition, messages } = batch;
      const taken = handlers.take(partition, messages);
      const last = messages[taken - 1];
      if (last !== undefined) resolveOffset(last.offset);
      if (taken === messages.length) return;
      const resume = pause();
      void handlers.room(partition).then(resume);
    },
  });
  running.catch(fail);
  return {
    failed,
    commit: async (offsets) => {
      const committing = consumer.commitOffsets(
        offsets.map(({ offset, ...rest }) => ({ topic, offset: String(offset), ...rest })),
      );
      const timedOut = sleep(COMMIT_TIMEOUT_MS, 'timed out', { ref: false });
      if ((await Promise.race([committing, timedOut])) !== undefined) throw new DependencyUnavailable('kafka');
    },
    pause: () => {
      isStopping = true;
      try {
        consumer.pause([{ topic }]);
      } catch {
        // A member that has failed fetches nothing.
      }
    },
    stop,
  };
};

/**
 * The assigner of kafkajs, with a wait before each join: kafkajs itself awaits nothing between the end of fetching and the
 * join, which begins with a look-up of the coordinator.
 */
const assignerAfter =
  (beforeJoin: () => Promise<void>): PartitionAssigner =>
  (config) => {
    const { cluster } = config;
    const findGroupCoordinator = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      await beforeJoin();
      return findGroupCoordinator(group);
    };
    return PartitionAssigners.roundRobin(config);
  };
