import type { RecordedEvent } from '@ums/contracts/events/event';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { eventRecord } from '@ums/contracts/kafka/eventRecord';
import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { stateRecord } from '@ums/contracts/kafka/stateRecord';
import { workRecord } from '@ums/contracts/kafka/workRecord';
import { toMessage } from '@ums/contracts/messages/message';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { type CheckpointStore, checkpointStore, Superseded } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { Active } from '@ums/kit/single-active/whileActive';
import type pg from 'pg';
import { checkpointAfter } from '../projection/applyBatch.js';
import { RevisionGap } from '../projection/foldBatch.js';
import type { BrokerSession } from './brokerSession.js';
import { foldStates, type Gap, type Published } from './foldStates.js';
import { awaitLease } from './lease.js';
import { loadStates, type StateAfter, saveStates } from './publicStates.js';
import type { PublisherMetrics } from './publisherMetrics.js';

export const publisherCheckpoint = (): CheckpointStore => checkpointStore('read.checkpoint', PUBLISHER);

export interface BatchDeps {
  pool: pg.Pool;
  eventLog: Pick<EventLog, 'readStream'>;
  metrics: Pick<PublisherMetrics, 'sent'>;
  log: Log;
}

/**
 * Publishes one batch: states, then events and work, then checkpoint and states in Postgres. A failure at any point leaves the
 * checkpoint, so that the same events are sent again: nothing is lost, and a repeat has the same event id (F-11).
 *
 * The checkpoint's row is locked meanwhile, so that an instance that was superseded sends nothing. States come first, because
 * the broker refuses those of a fenced publisher, which then sends no events either.
 *
 * @throws Superseded, RevisionGap; errors of the session, of Postgres and of the event log.
 */
export const publishBatch = async (
  deps: BatchDeps,
  session: BrokerSession,
  active: Active,
  from: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<Checkpoint> => {
  const to = checkpointAfter(from, events);
  const batch = events.flatMap((event): Published[] => {
    const message = event.position > from.position ? toMessage(event) : undefined;
    return message === undefined ? [] : [{ event, message }];
  });
  if (batch.length === 0) {
    if (to !== from) await publisherCheckpoint().move(deps.pool, from, to, false);
    return to;
  }
  const records = batch.flatMap(({ message }): BrokerRecord[] =>
    [eventRecord(message) ?? [], workRecord(message)].flat(),
  );
  await withTransaction(deps.pool, async (tx) => {
    await lockCheckpoint(tx, from, session);
    const states = await foldBatch(deps, tx, batch);
    if (states.length > 0) {
      await awaitLease(active);
      await session.sendStates(states.map(({ origin, state }) => stateRecord(origin, state)));
    }
    await awaitLease(active);
    await session.sendEvents(records);
    if (states.length > 0) await saveStates(tx, states);
    // Without states, a crash of Postgres that loses the move only repeats the batch.
    await publisherCheckpoint().move(tx, from, to, states.length > 0);
    deps.metrics.sent(states.length + records.length);
  });
  return to;
};

/** An instance on another cluster has begun anew, and may have come to the same position there. */
const lockCheckpoint = async (
  tx: Transaction,
  { position }: Checkpoint,
  { clusterId }: Pick<BrokerSession, 'clusterId'>,
): Promise<void> => {
  // Position and cluster in one statement, because it runs once for each batch.
  const { rows } = await tx.query<{ position: string; cluster_id: string | null }>({
    name: 'lock-published-cluster',
    text: 'select position, cluster_id from read.checkpoint where name = $1 for update',
    values: [PUBLISHER],
  });
  const [stored] = rows;
  const cluster = stored?.cluster_id ?? clusterId;
  if (stored?.position === String(position) && (clusterId === undefined || cluster === clusterId)) return;
  throw new Superseded(PUBLISHER, position, stored && BigInt(stored.position));
};

const foldBatch = async (deps: BatchDeps, tx: Transaction, batch: readonly Published[]): Promise<StateAfter[]> => {
  const userIds = new Set(batch.flatMap(({ message }) => message.content?.userId ?? []));
  if (userIds.size === 0) return [];
  const { states, gaps } = foldStates(await loadStates(tx, [...userIds]), batch);
  for (const gap of gaps) await checkGap(deps, gap);
  return states;
};

/**
 * A gap is loss, unless the log itself does not hold the missing events any more (a truncated stream).
 *
 * @throws RevisionGap
 */
const checkGap = async ({ eventLog, log }: BatchDeps, { event, expected }: Gap): Promise<void> => {
  const [next] = await eventLog.readStream(event.stream, expected);
  if (next?.id !== event.id) throw new RevisionGap(event, expected);
  const { stream, revision, position } = event;
  log.warn('the log does not hold the events before this revision', { stream, revision, expected, position });
};
