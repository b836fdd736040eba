import { PUBLISHED_TOPICS } from '@ums/contracts/kafka/topics';
import { closers } from '@ums/kit/closers';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { ensureTopics } from '@ums/kit/kafka/ensureTopics';
import { brokerAccess } from '@ums/kit/kafka/kafkaSettings';
import { openProducer } from '@ums/kit/kafka/producer';
import { openTransactionalProducer } from '@ums/kit/kafka/transactionalProducer';
import type { Log } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import type { RepublishConfig } from './config.js';
import { type PositionRange, republishEvents } from './publisher/republishEvents.js';
import { republishStates } from './publisher/republishStates.js';
import { resending } from './publisher/resending.js';
import { throttledProgress } from './publisher/throttledProgress.js';

/** What to publish again. A dry run only counts the records. */
export type RepublishOrder = { dryRun: boolean } & ({ states: true } | { states: false; range: PositionRange });

/**
 * Publishes a range of events to the replay topic again, or the current states of all users to the state topic.
 *
 * @param print receives lines of progress.
 * @returns the sentence to print at the end.
 * @throws StartRefused with what was done until then and how to continue.
 */
export const republish = async (
  order: RepublishOrder,
  config: RepublishConfig,
  { log, print }: { log: Log; print: (line: string) => void },
): Promise<string> => {
  const { onClose, close } = closers();
  const kafka = { ...brokerAccess(config.KAFKA_BROKERS, config), clientId: 'publish', log };
  const { progress, printLast, last } = throttledProgress(print);
  const producerOf = (open: typeof openProducer) => {
    if (order.dryRun) return async () => undefined;
    const producer = resending(() => open(kafka));
    onClose(producer.destroy);
    return producer.send;
  };
  try {
    if (!order.dryRun) await ensureTopics(kafka, PUBLISHED_TOPICS);
    if (order.states) {
      const pool = createPool({ url: config.DATABASE_URL, applicationName: 'publish', max: 1, log });
      onClose(() => pool.end());
      const send = producerOf((settings) => openTransactionalProducer(settings, STATES_PRODUCER_ID));
      const records = await republishStates(pool, send, (count) => progress(`${count} states`));
      printLast();
      return `${records} states ${outcome(order)} users.state.v1.`;
    }
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const records = await republishEvents(eventLog, order.range, {
      send: producerOf(openProducer),
      onProgress: ({ position, events, records: sent }) =>
        progress(`${events} events up to position ${position}, ${sent} of them public`),
    });
    printLast();
    return `${records} events ${outcome(order)} users.events.v1.replay.`;
  } catch (error) {
    if (isOperatorError(error)) throw error;
    throw new StartRefused(
      `The command failed (${reasonOf(error)}). Done until then: ${last() ?? 'Nothing was sent.'}`,
    );
  } finally {
    await close();
  }
};

/** Other messages may quote data. */
const reasonOf = (error: unknown): string => {
  if (error instanceof DependencyUnavailable || error instanceof LogUnavailable) return error.message;
  if (error instanceof Superseded) return 'the publisher has not run yet';
  return error instanceof Error ? error.name : 'unknown error';
};

/** Not that of the publisher, which goes on meanwhile. A second run of the command fences the first. */
const STATES_PRODUCER_ID = 'users.publish-states';

const outcome = ({ dryRun }: RepublishOrder): string => (dryRun ? 'would be sent to' : 'were sent to');
