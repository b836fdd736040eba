import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { PUBLISHED_TOPICS } from '@ums/contracts/kafka/topics';
import { verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { ensureTopics } from '@ums/kit/kafka/ensureTopics';
import type { KafkaSettings } from '@ums/kit/kafka/kafkaClient';
import { TopicMismatch } from '@ums/kit/kafka/topicFaults';
import type { Log } from '@ums/kit/log';
import { whileActive } from '@ums/kit/single-active/whileActive';
import type pg from 'pg';
import { countEventsBehind, lagMonitor } from '../projection/lagMonitor.js';
import { type BrokerSession, openBrokerSession } from './brokerSession.js';
import { keepPublishing } from './keepPublishing.js';
import { publisherCheckpoint } from './publishBatch.js';
import { publisherMetrics } from './publisherMetrics.js';
import type { PublisherDeps } from './runPublisher.js';

/** `standby`: another instance holds the lock. `stopped`: failed; only a restart of the process runs it again. */
export type PublisherState = 'standby' | 'active' | 'stopped';

export interface RunningPublisher {
  state(): PublisherState;
  /** How long the checkpoint has been behind a head of the log; 0 when it is not. */
  lagSeconds(): Promise<number>;
  /** Finishes the batch that is being sent. */
  stop(): Promise<void>;
}

export interface StartPublisherDeps {
  pool: pg.Pool;
  eventLog: EventLog;
  /** The head of the log, for monitoring. */
  head: EventLog['head'];
  log: Log;
  /** Of the database whose advisory lock chooses the active instance. */
  url: string;
  /** Identity of the event log, stored in a new checkpoint. */
  logId: string;
  kafka: KafkaSettings;
  /** For tests. @default openBrokerSession */
  openSession?: typeof openBrokerSession;
}

/**
 * Starts the publisher, or stands by. It does not wait for a broker: without one, only the publisher lags.
 *
 * @throws TopicMismatch when a broker answers and its topics have other settings; StartRefused when the checkpoint belongs to
 * another log; errors of Postgres and the event log.
 */
export const startPublisher = async (deps: StartPublisherDeps): Promise<RunningPublisher> => {
  const { pool, eventLog, head, log, url, kafka, openSession = openBrokerSession } = deps;
  await verifyCheckpoint(eventLog, await publisherCheckpoint().begin(pool, deps.logId));
  await checkTopics(kafka, log);
  const metrics = publisherMetrics();
  const stopping = new AbortController();
  let state: PublisherState = 'standby';

  const publishing = whileActive({ url, name: PUBLISHER, signal: stopping.signal, log }, async (active) => {
    state = 'active';
    let session: BrokerSession | undefined;
    const destroySession = (): void => {
      // A stopping publisher finishes its batch. One that lost the lock must not: another one may be sending already.
      if (!stopping.signal.aborted) session?.destroy();
    };
    active.signal.addEventListener('abort', destroySession);
    const open: PublisherDeps['openSession'] = async (accept) => {
      session = await openSession(kafka, accept);
      if (active.signal.aborted) session.destroy();
      return session;
    };
    await keepPublishing({ pool, eventLog, log, metrics, openSession: open }, active);
    active.signal.removeEventListener('abort', destroySession);
    state = 'standby';
  }).catch((error: unknown) => {
    state = 'stopped';
    log.error('publisher stopped', { error });
  });

  const monitor = lagMonitor({
    ...{ pool, eventLog: { head }, projection: PUBLISHER, signal: stopping.signal },
    onMeasured: metrics.measured,
  });
  const hideEvents = metrics.exposeEvents(() => countEventsBehind(monitor, eventLog));

  return {
    state: () => state,
    lagSeconds: async () => (await monitor.lag()).seconds,
    stop: async () => {
      stopping.abort();
      hideEvents();
      await Promise.all([publishing, monitor.done]);
    },
  };
};

/** At start, where an operator sees it. Every new session checks again, for a broker that did not answer now. */
const checkTopics = async (kafka: KafkaSettings, log: Log): Promise<void> => {
  try {
    await ensureTopics(kafka, PUBLISHED_TOPICS);
  } catch (error) {
    if (error instanceof TopicMismatch) throw error;
    log.warn('publisher starts without a broker', { dependency: 'kafka', error });
  }
};
