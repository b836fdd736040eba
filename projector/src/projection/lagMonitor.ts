import { setTimeout as sleep } from 'node:timers/promises';
import { untilNextMultiple } from '@ums/kit/alignedInterval';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { eventsAfter } from '@ums/kit/event-log/eventsAfter';
import { lagClock } from '@ums/kit/event-log/lagClock';
import { CHECK_MS } from '@ums/kit/readiness';
import { withTimeout } from '@ums/kit/withTimeout';
import type pg from 'pg';

/** One measurement. */
export interface Lag {
  logReachable: boolean;
  postgresReachable: boolean;
  /** How long the checkpoint has been behind a head of the log; 0 when it is not. */
  seconds: number;
  /** Position of the stored checkpoint; -1 before the first event, or while it cannot be read. */
  position: bigint;
  parked: number;
}

export interface LagMonitorOptions {
  pool: pg.Pool;
  eventLog: Pick<EventLog, 'head'>;
  projection: string;
  onMeasured(lag: Lag): void;
  signal: AbortSignal;
  /** Time between measurements while the checkpoint is behind; a younger one is not repeated on demand. @default 2_000 */
  everyMs?: number;
  /** Time between measurements while it is not. @default 5_000 */
  currentEveryMs?: number;
}

export interface LagMonitor {
  /** The last measurement, or a new one if that is older than `everyMs`. */
  lag(): Promise<Lag>;
  done: Promise<void>;
}

interface StoredProgress {
  position: string | null;
  parked: number;
}

const PROGRESS = `select (select position from read.checkpoint where name = $1) as position,
  (select count(*)::int from read.parked where projection = $1) as parked`;

/**
 * Compares the stored checkpoint with the head of the log, so a standby instance sees the lag of the active one.
 */
export const lagMonitor = ({
  pool,
  eventLog,
  projection,
  onMeasured,
  signal,
  everyMs = 2_000,
  currentEveryMs = 5_000,
}: LagMonitorOptions): LagMonitor => {
  let last: Lag | undefined;
  let measuredAt = Number.NEGATIVE_INFINITY;
  let measuring: Promise<Lag> | undefined;
  const clock = lagClock();
  let isBehind = false;

  const measure = async (): Promise<Lag> => {
    const [head, query] = await Promise.allSettled([
      withTimeout(CHECK_MS, eventLog.head()),
      withTimeout(
        CHECK_MS,
        pool.query<StoredProgress>({ name: 'find-projection-progress', text: PROGRESS, values: [projection] }),
      ),
    ]);
    const progress = query.status === 'fulfilled' ? query.value.rows[0] : undefined;
    const position = BigInt(progress?.position ?? -1);
    const seconds = clock(position, head.status === 'fulfilled' ? head.value : undefined);
    isBehind = seconds !== undefined;
    return {
      logReachable: head.status === 'fulfilled',
      postgresReachable: progress !== undefined,
      seconds: seconds ?? 0,
      position,
      parked: progress?.parked ?? last?.parked ?? 0,
    };
  };

  const measureOnce = async (): Promise<Lag> => {
    measuredAt = performance.now();
    last = await measure();
    onMeasured(last);
    return last;
  };
  const measureShared = (): Promise<Lag> => {
    measuring ??= measureOnce().finally(() => {
      measuring = undefined;
    });
    return measuring;
  };

  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      const { logReachable, postgresReachable } = await measureShared();
      const isCurrent = logReachable && postgresReachable && !isBehind;
      const pauseMs = isCurrent ? untilNextMultiple(currentEveryMs) : everyMs;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    lag: async () => (last === undefined || performance.now() - measuredAt > everyMs ? measureShared() : last),
    done: watch(),
  };
};

/**
 * The number of events after the checkpoint, counted up to 10,000; `undefined` while the checkpoint cannot be read.
 * @throws LogUnavailable
 */
export const countEventsBehind = async (
  monitor: Pick<LagMonitor, 'lag'>,
  eventLog: Pick<EventLog, 'readAll'>,
): Promise<number | undefined> => {
  const { seconds, position, postgresReachable } = await monitor.lag();
  if (!postgresReachable) return undefined;
  return seconds === 0 ? 0 : eventsAfter(eventLog, position);
};
