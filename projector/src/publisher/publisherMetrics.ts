import { counter, gauge } from '@ums/kit/metrics';
import { restartReason } from '../projection/restartReason.js';

export interface PublisherMetrics {
  /** Records that the broker has acknowledged. */
  sent(records: number): void;
  /** @param reason class name of the error. */
  restarted(reason: string): void;
  measured(lag: { seconds: number; events: number }): void;
}

/** Metrics of the publisher, in the registry of the process. */
export const publisherMetrics = (): PublisherMetrics => {
  const records = counter('ums_publisher_records_total', 'Records that the broker acknowledged', []);
  const restarts = counter('ums_publisher_restarts_total', 'Runs that failed', ['reason'] as const);
  const seconds = gauge('ums_publisher_lag_seconds', 'Time since the checkpoint was at the head of the log', []);
  const events = gauge('ums_publisher_lag_events', 'Events of the log after the checkpoint', []);
  return {
    sent: (count) => records.inc(count),
    restarted: (reason) => restarts.inc({ reason: restartReason(reason) }),
    measured: (lag) => {
      seconds.set(lag.seconds);
      events.set(lag.events);
    },
  };
};
