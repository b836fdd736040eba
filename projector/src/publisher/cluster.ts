import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { BEFORE_FIRST } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { TopicMismatch } from '@ums/kit/kafka/topicFaults';
import type { Log } from '@ums/kit/log';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';

/** A Kafka cluster, before anything is sent to it. */
export interface Cluster {
  /** `undefined` where the brokers tell none: it counts as the one of the checkpoint. */
  id: string | undefined;
  /** The event logs that consumers of the work topic there have read. @throws DependencyUnavailable */
  consumedLogs(): Promise<readonly string[]>;
}

/** The cluster that the publisher's checkpoint was made on; `undefined` where that is not known. */
export const publishedCluster = async (tx: Transaction): Promise<string | undefined> => {
  const { rows } = await tx.query<{ cluster_id: string | null }>({
    name: 'find-published-cluster',
    text: 'select cluster_id from read.checkpoint where name = $1',
    values: [PUBLISHER],
  });
  return rows[0]?.cluster_id ?? undefined;
};

/**
 * Refuses a cluster that the publisher meets for the first time when consumers there read another event log: with wrong brokers,
 * it would publish all of its users into the topics of another installation.
 *
 * @throws TopicMismatch; DependencyUnavailable, LogUnavailable
 */
export const refuseForeign = async (
  { pool, eventLog }: { pool: pg.Pool; eventLog: EventLog },
  { id, consumedLogs }: Cluster,
): Promise<void> => {
  if (id === undefined || id === (await publishedCluster(pool))) return;
  const own = await logIdentity(eventLog);
  const other = (await consumedLogs()).find((logId) => logId !== own);
  if (other === undefined) return;
  throw new TopicMismatch([
    `Consumers of ${WORK_TOPIC.name} on the cluster ${id} read event log ${other}, but the connected event log has ${own}. ` +
      'Set KAFKA_BROKERS to brokers of this installation.',
  ]);
};

/**
 * Notes the cluster with the checkpoint, which the caller has locked. Another cluster than the one it was made on lacks everything
 * before it, so that the publisher begins there with the first event. A checkpoint that names no cluster stays where it is.
 *
 * @returns where the publisher begins.
 */
export const beginOnCluster = async (
  { tx, log }: { tx: Transaction; log: Log },
  checkpoint: Checkpoint,
  id: string | undefined,
): Promise<Checkpoint> => {
  const before = await publishedCluster(tx);
  if (id === undefined || id === before) return checkpoint;
  const isKept = before === undefined || checkpoint.position === BEFORE_FIRST;
  const begun = isKept ? checkpoint : { ...checkpoint, position: BEFORE_FIRST, eventId: undefined };
  await tx.query({
    name: 'note-published-cluster',
    text: 'update read.checkpoint set cluster_id = $2, position = $3, event_id = $4 where name = $1',
    values: [PUBLISHER, id, String(begun.position), begun.eventId ?? null],
  });
  if (!isKept)
    log.warn('publisher begins with the first event, because Kafka is another cluster', {
      reason: `the checkpoint was made on cluster ${before}, and the brokers are of cluster ${id}`,
    });
  return begun;
};
