import type { RecordedEvent } from '@ums/contracts/events/event';
import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { batches } from '@ums/kit/event-log/batches';
import { type Checkpoint, verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { BEFORE_FIRST } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { readBehind } from '@ums/kit/event-log/readBehind';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type { Active } from '@ums/kit/single-active/whileActive';
import type { BrokerSession } from './brokerSession.js';
import { beginOnCluster, type Cluster, refuseForeign } from './cluster.js';
import { clearStates } from './publicStates.js';
import { type BatchDeps, publishBatch, publisherCheckpoint } from './publishBatch.js';
import type { PublisherMetrics } from './publisherMetrics.js';
import { wholeBatch } from './wholeBatch.js';

export interface PublisherDeps extends BatchDeps {
  eventLog: EventLog;
  metrics: PublisherMetrics;
  /** Opens a session that fences all earlier ones, unless `accept` throws. */
  openSession(accept: (cluster: Cluster) => Promise<void>): Promise<BrokerSession>;
}

/**
 * An event has at most two records, so that a send has at most 1,000: the time kafkajs takes to group the records of a send
 * grows with the square of their number.
 */
export const MAX_EVENTS_PER_BATCH = 500;

/**
 * Follows the event log from the stored checkpoint and publishes batches of what has queued up, until the signal aborts. A
 * batch holds what the subscription lost, too: it is read before the checkpoint passes over it (F-12). Any failure ends the
 * run; the next one starts with a new session and the stored checkpoint.
 *
 * @param batchLimit the most events of a batch.
 * @param onPublished called after each batch.
 * @throws StartRefused when the checkpoint belongs to another log; TopicMismatch when consumers on the cluster have read another
 * log; LogUnavailable; errors of `openSession` and `publishBatch`.
 */
export const runPublisher = async (
  deps: PublisherDeps,
  active: Active,
  batchLimit: number,
  onPublished: () => void,
): Promise<void> => {
  const session = await deps.openSession((cluster) => refuseForeign(deps, cluster));
  const run = new AbortController();
  try {
    // Read only after earlier publishers were fenced: what they moved later makes this run fail, with nothing sent.
    let checkpoint = await beginCheckpoint(deps, session);
    const following = AbortSignal.any([active.signal, run.signal]);
    const after = checkpoint.position === BEFORE_FIRST ? undefined : checkpoint.position;
    const behind = readBehind({ ...deps, lane: PUBLISHER }, after);
    const events = deps.eventLog.follow(after, { signal: following, onPage: behind.page });
    for await (const batch of batches(events, MAX_EVENTS_PER_BATCH)) {
      for (const part of inParts(await wholeBatch(behind, batch), batchLimit)) {
        if (active.signal.aborted) return;
        checkpoint = await publishBatch(deps, session, active, checkpoint, part);
        onPublished();
      }
    }
  } finally {
    run.abort();
    session.destroy();
  }
};

const beginCheckpoint = async (
  { pool, eventLog, log }: PublisherDeps,
  { clusterId }: BrokerSession,
): Promise<Checkpoint> => {
  await publisherCheckpoint().begin(pool, await logIdentity(eventLog));
  const checkpoint = await withTransaction(pool, async (tx) => {
    // The first batch of an earlier instance may be committing: its states must stay if its checkpoint does.
    const locked = await publisherCheckpoint().lock(tx);
    const begun = await beginOnCluster({ tx, log }, locked, clusterId);
    if (begun.position === BEFORE_FIRST) await clearStates(tx);
    return begun;
  });
  await verifyCheckpoint(eventLog, checkpoint);
  return checkpoint;
};

function* inParts(batch: readonly RecordedEvent[], limit: number): Generator<readonly RecordedEvent[]> {
  for (let start = 0; start < batch.length; start += limit) yield batch.slice(start, start + limit);
}
