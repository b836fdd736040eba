import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type pg from 'pg';

/** What was found at the last look. */
export interface Lag {
  log: boolean;
  postgres: boolean;
  /** How long a head once seen has not been reached; 0 when the checkpoint is at the head. */
  seconds: number;
  parked: number;
}

export interface LagMonitorOptions {
  pool: pg.Pool;
  eventLog: Pick<EventLog, 'head'>;
  projection: string;
  onMeasured(lag: Lag): void;
  signal: AbortSignal;
  everyMs?: number;
}

export interface LagMonitor {
  /** `undefined` before the first look. */
  last(): Lag | undefined;
  done: Promise<void>;
}

interface Standing {
  position: string | null;
  parked: number;
}

const STANDING = `select (select position from read.checkpoint where name = $1) as position,
  (select count(*)::int from read.parked where projection = $1) as parked`;

/**
 * Compares the stored checkpoint with the head of the log, whichever instance moves it: a standby sees the lag of the
 * active one. Time, not positions: those have gaps of any size.
 */
export const lagMonitor = ({
  pool,
  eventLog,
  projection,
  onMeasured,
  signal,
  everyMs = 2_000,
}: LagMonitorOptions): LagMonitor => {
  let last: Lag | undefined;
  let behind: { head: bigint; since: number } | undefined;

  const look = async (): Promise<Lag> => {
    const [head, standing] = await Promise.allSettled([
      eventLog.head(),
      pool.query<Standing>({ name: 'standing', text: STANDING, values: [projection] }),
    ]);
    const found = standing.status === 'fulfilled' ? standing.value.rows[0] : undefined;
    const position = BigInt(found?.position ?? -1);
    if (behind !== undefined && position >= behind.head) behind = undefined;
    if (head.status === 'fulfilled' && (head.value ?? -1n) > position)
      behind ??= { head: head.value ?? -1n, since: performance.now() };
    return {
      log: head.status === 'fulfilled',
      postgres: found !== undefined,
      seconds: behind === undefined ? 0 : (performance.now() - behind.since) / 1_000,
      parked: found?.parked ?? last?.parked ?? 0,
    };
  };

  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      last = await look();
      onMeasured(last);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };

  return { last: () => last, done: watch() };
};
