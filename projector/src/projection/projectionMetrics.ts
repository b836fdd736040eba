import { counter, gauge, readGauge } from '@ums/kit/metrics';
import type { AppliedBatch } from './applyBatch.js';
import { restartReason } from './restartReason.js';

export interface ProjectionMetrics {
  batchApplied(events: number, applied: AppliedBatch): void;
  /** Events that do not concern the projection, for which nothing was written. */
  skipped(events: number): void;
  /** @param reason class name of the error. */
  restarted(reason: string): void;
  measured(lag: { seconds: number; parked: number }): void;
  /** Counts the events after the checkpoint, if that is known, when the metrics are asked for. @returns ends that */
  exposeEvents(count: () => Promise<number | undefined>): () => void;
}

const labelNames = ['projection'] as const;

/** Metrics of one projection, in the registry of the process. */
export const projectionMetrics = (projection: string): ProjectionMetrics => {
  const events = counter('ums_projection_events_total', 'Events applied or skipped', labelNames);
  const batches = counter('ums_projection_batches_total', 'Transactions committed', labelNames);
  const unknown = counter('ums_projection_unknown_events_total', 'Events of unknown type, skipped', labelNames);
  const failures = counter('ums_projection_failures_total', 'Keys parked', labelNames);
  const restarts = counter('ums_projection_restarts_total', 'Runs that failed', ['projection', 'reason'] as const);
  const lag = gauge('ums_projection_lag_seconds', 'Time since the checkpoint was at the head of the log', labelNames);
  const parked = gauge('ums_projection_parked', 'Keys parked now, whose rows are not readable', labelNames);
  const labels = { projection };
  // A counter that begins at zero shows its first change, and a rate over it is right (Prometheus, "Avoid missing metrics").
  for (const total of [events, batches, unknown, failures]) total.inc(labels, 0);
  return {
    batchApplied: (count, applied) => {
      events.inc(labels, count);
      batches.inc(labels);
      unknown.inc(labels, applied.unknown);
      failures.inc(labels, applied.parked.size);
    },
    skipped: (count) => events.inc(labels, count),
    restarted: (reason) => restarts.inc({ projection, reason: restartReason(reason) }),
    measured: (measured) => {
      lag.set(labels, measured.seconds);
      parked.set(labels, measured.parked);
    },
    exposeEvents: (count) =>
      readGauge(
        'ums_projection_lag_events',
        'Events of the log after the checkpoint, up to 10,000',
        labelNames,
        async () => {
          const counted = await count();
          return counted === undefined ? [] : [[labels, counted]];
        },
      ),
  };
};
