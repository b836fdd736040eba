import { verifyCheckpoint } from '../event-log/checkpoint.js';
import type { EventLog } from '../event-log/eventLog.js';
import type { KafkaSettings } from '../kafka/kafkaClient.js';
import { whileCoordinatorBusy } from '../kafka/whileCoordinatorBusy.js';
import { withAdmin } from '../kafka/withAdmin.js';
import type { LogPlace } from '../message-source/progressTracker.js';

/** How far a group has come in one partition. */
export interface GroupOffset {
  partition: number;
  /** Offset of the first record that is not finished. */
  next: bigint;
  /** Offset after the last record. */
  end: bigint;
  /** Written with the commit, see `commitMetadata`. */
  metadata: string;
}

/** How long a new broker may take to elect the coordinator of its first group. */
const COORDINATOR_TIMEOUT_MS = 5_000;

/** The committed offsets of a group that begins with the first record. @throws DependencyUnavailable */
export const groupOffsets = (settings: KafkaSettings, groupId: string, topic: string): Promise<GroupOffset[]> =>
  withAdmin(settings, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const deadline = performance.now() + COORDINATOR_TIMEOUT_MS;
    const [committed] = await whileCoordinatorBusy(
      () => admin.fetchOffsets({ groupId, topics: [topic] }),
      () => performance.now() > deadline,
    );
    return ends.map(({ partition, low, high }) => {
      const found = committed?.partitions.find((one) => one.partition === partition);
      const [first, next] = [BigInt(low), BigInt(found?.offset ?? -1)];
      return { partition, next: next > first ? next : first, end: BigInt(high), metadata: found?.metadata ?? '' };
    });
  });

/** The log that a commit was made on, and the last event that was finished, if any. */
export const commitMetadata = (logId: string, place: Partial<LogPlace>): string =>
  place.position === undefined ? logId : `${logId} ${place.position} ${place.eventId}`;

/**
 * Proves that the committed offsets were made on this log, by the commit of the latest event. Commits of other tools, which
 * have no metadata, prove nothing and are accepted.
 *
 * @throws StartRefused for a foreign, restored or shorter log; LogUnavailable
 */
export const verifyGroupOffsets = async (eventLog: EventLog, offsets: readonly GroupOffset[]): Promise<void> => {
  const commits = offsets.flatMap(({ metadata }) => {
    const [logId, position, eventId] = metadata.split(' ');
    return logId ? [{ logId, position: BigInt(position ?? -1), eventId }] : [];
  });
  const [latest] = commits.sort((a, b) => (a.position < b.position ? 1 : -1));
  if (latest !== undefined) await verifyCheckpoint(eventLog, latest);
};
