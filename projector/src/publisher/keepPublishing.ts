import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@ums/kit/backoffMs';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { RecordTooLarge } from '@ums/kit/kafka/kafkaFailure';
import { TopicMismatch } from '@ums/kit/kafka/topicFaults';
import type { Active } from '@ums/kit/single-active/whileActive';
import { StartRefused } from '@ums/kit/startRefused';
import { RevisionGap } from '../projection/foldBatch.js';
import { MAX_EVENTS_PER_BATCH, type PublisherDeps, runPublisher } from './runPublisher.js';

const BACKOFF = { firstMs: 50, maxMs: 5_000 };
/** An operator must act first, and gets one line each time. */
const OPERATOR_BACKOFF = { firstMs: 30_000, maxMs: 30_000 };

/**
 * Runs the publisher until the signal aborts, under a lock that the caller holds. After a failure it waits (up to 50 ms at first,
 * up to 5 s later, longer when an operator must act), then runs again from the stored checkpoint. While the broker is away, no
 * event is read, so that memory does not grow.
 *
 * A batch that is too large for a topic is halved until each record is alone. A single record that is too large holds up all
 * that follow: to skip it would be a loss that no consumer can detect before the next event of the user.
 *
 * @throws StartRefused when the checkpoint belongs to another log.
 */
export const keepPublishing = async (deps: PublisherDeps, active: Active): Promise<void> => {
  let batchLimit = MAX_EVENTS_PER_BATCH;
  for (let attempt = 1; !active.signal.aborted; attempt++) {
    try {
      await runPublisher(deps, active, batchLimit, () => {
        attempt = 1;
        batchLimit = MAX_EVENTS_PER_BATCH;
      });
    } catch (error) {
      if (active.signal.aborted) return;
      if (error instanceof StartRefused && !(error instanceof TopicMismatch)) throw error;
      deps.metrics.restarted(error instanceof Error ? error.name : 'unknown');
      if (error instanceof RecordTooLarge && batchLimit > 1) {
        batchLimit = batchLimit >> 1;
        continue;
      }
      logFailure(deps, error, attempt);
      const backoff = needsOperator(error) ? OPERATOR_BACKOFF : BACKOFF;
      await sleep(backoffMs(attempt, backoff), undefined, { signal: active.signal }).catch(() => undefined);
    }
  }
};

const needsOperator = (error: unknown): boolean => error instanceof TopicMismatch || error instanceof RecordTooLarge;

const logFailure = ({ log }: PublisherDeps, error: unknown, attempt: number): void => {
  if (error instanceof RevisionGap) {
    const { stream, revision, position } = error.event;
    log.error('events missing before this revision', { stream, revision, expected: error.expected, position, attempt });
  } else if (needsOperator(error)) log.error('publisher waits for an operator', { error, attempt });
  else {
    const reason = error instanceof Superseded ? { reason: error.message } : {};
    log.warn('publisher restarts', { attempt, ...reason, error });
  }
};
