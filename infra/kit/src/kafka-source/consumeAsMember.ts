import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import { recordWriter } from '../kafka/recordWriter.js';
import type { Consumer } from '../message-source/messageSource.js';
import { type AssignedWork, assignedWork, type FinishedRecords } from './assignedWork.js';
import { type CommittedOffset, joinGroup } from './groupMember.js';
import { commitMetadata, type GroupOffset, groupOffsets } from './groupOffsets.js';
import { groupWatch, Stalled } from './groupWatch.js';
import { type KafkaSourceOptions, workGroup } from './kafkaSourceOptions.js';

/** What is known of a group's progress. */
export interface MemberProgress {
  /** Records that the group has not finished; `undefined` until it was measured. */
  lag: number | undefined;
  /** The last member got no records although there were some, and the current one has not done better yet. */
  isStalled: boolean;
}

/**
 * How long running handlers may delay a rebalance. Heartbeats stop meanwhile, so with the time of the commit it stays below the
 * session time-out. A handler that takes longer may run beside that of the next member; the lease of a mail covers this.
 */
const REBALANCE_DELAY_MS = 3_000;

/**
 * Consumes as one member of the group until the consumer stops: then running handlers end, and their messages are committed.
 *
 * @throws Stalled; errors of kafkajs
 */
export const consumeAsMember = async (
  options: KafkaSourceOptions,
  consumer: Consumer,
  doneUpTo: bigint | undefined,
  progress: MemberProgress,
  on: { committed(): void; measured(offsets: readonly GroupOffset[]): void },
): Promise<void> => {
  const { kafka, log, logId, backoff = { firstMs: 500, maxMs: 30_000 }, beyondCheckpoint = 1_000 } = options;
  const { saveEveryMs = 1_000, watchEveryMs = 10_000 } = options;
  const group = { groupId: workGroup(consumer.name), topic: WORK_TOPIC.name };
  const deadLetters = recordWriter(kafka);
  let work: AssignedWork | undefined;
  const stopWork = async (withinMs?: number): Promise<void> => {
    const stopped = work;
    work = undefined;
    await stopped?.stop(withinMs);
  };
  const commit = async ({ partitions }: FinishedRecords): Promise<void> => {
    await member.commit(
      partitions.map(
        ({ partition, place }): CommittedOffset => ({
          partition,
          offset: place.offset + 1n,
          metadata: commitMetadata(logId, place),
        }),
      ),
    );
    on.committed();
  };
  const member = await joinGroup(kafka, group, {
    beforeJoin: () => stopWork(REBALANCE_DELAY_MS),
    joined: (partitions) => {
      work = assignedWork(partitions, {
        ...{ consumer, doneUpTo, beyondCheckpoint, backoff, saveEveryMs, deadLetters, commit, log },
      });
    },
    take: (partition, records) => work?.take(partition, records) ?? 0,
    room: async (partition) => work?.room(partition),
  });
  const ended = new AbortController();
  const end = new Promise<void>((resolve, reject) => {
    member.failed.catch(reject);
    if (consumer.signal.aborted) resolve();
    consumer.signal.addEventListener('abort', () => resolve(), { signal: ended.signal });
    const watch = groupWatch({
      offsets: async () => {
        const offsets = await groupOffsets(kafka, group.groupId, group.topic);
        on.measured(offsets);
        return offsets;
      },
      isIdle: (partition) => work?.isIdle(partition) ?? false,
      everyMs: watchEveryMs,
      onChecked: (lag, verdict) => {
        progress.lag = lag;
        if (verdict === 'moves') progress.isStalled = false;
        if (verdict === 'stalled') reject(new Stalled());
      },
    });
    ended.signal.addEventListener('abort', () => void watch.stop());
  });
  try {
    await end;
  } finally {
    ended.abort();
    member.pause();
    await stopWork();
    await member.stop();
    deadLetters.close();
  }
};
