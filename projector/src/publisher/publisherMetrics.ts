import { counter, gauge, readGauge } from '@ums/kit/metrics';
import { restartReason } from '../projection/restartReason.js';

export interface PublisherMetrics {
  /** Records that the broker has acknowledged. */
  sent(records: number): void;
  /** @param reason class name of the error. */
  restarted(reason: string): void;
  measured(lag: { seconds: number }): void;
  /** Counts the events after the checkpoint, if that is known, when the metrics are asked for. @returns ends that */
  exposeEvents(count: () => Promise<number | undefined>): () => void;
}

/** Metrics of the publisher, in the registry of the process. */
export const publisherMetrics = (): PublisherMetrics => {
  const records = counter('ums_publisher_records_total', 'Records that the broker acknowledged', []);
  const restarts = counter('ums_publisher_restarts_total', 'Runs that failed', ['reason'] as const);
  const seconds = gauge('ums_publisher_lag_seconds', 'Time since the checkpoint was at the head of the log', []);
  return {
    sent: (count) => records.inc(count),
    restarted: (reason) => restarts.inc({ reason: restartReason(reason) }),
    measured: (lag) => seconds.set(lag.seconds),
    exposeEvents: (count) =>
      readGauge('ums_publisher_lag_events', 'Events of the log after the checkpoint, up to 10,000', [], async () => {
        const counted = await count();
        return counted === undefined ? [] : [[{}, counted]];
      }),
  };
};
