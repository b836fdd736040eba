import { type LagClock, lagClock } from '../event-log/lagClock.js';
import { readGauge } from '../metrics.js';
import type { GroupOffset } from './groupOffsets.js';

export interface ExposedGroupLag {
  /** To be called with the offsets whenever they are known. */
  measured(offsets: readonly GroupOffset[]): void;
  hide(): void;
}

/** A broker that restarts, or a group that is formed anew, is silent for less. */
const LONGEST_SILENCE_MS = 60_000;
const SECONDS_HELP =
  'Time since messages are known that are not finished, or since the last answer of a broker that is silent for a minute.';

/**
 * Exposes the messages that a consumer group has not finished, and for how long the partition that is furthest behind has been
 * behind. While the broker does not answer, or refuses this consumer, a partition that was behind counts as behind, and after a
 * minute each counts as behind since the last answer.
 *
 * @param now in ms.
 */
export const exposeGroupLag = (consumer: string, now: () => number = () => performance.now()): ExposedGroupLag => {
  const labels = { consumer };
  const clocks = new Map<number, LagClock>();
  let last: readonly GroupOffset[] = [];
  let answeredAt = now();
  const secondsOf = ({ partition, next }: GroupOffset, head?: bigint): number => {
    const clock = clocks.get(partition) ?? lagClock(now);
    clocks.set(partition, clock);
    return clock(next, head) ?? 0;
  };
  const seconds = (): number | undefined => {
    const silentMs = now() - answeredAt;
    const all = last.map((offset) => secondsOf(offset));
    if (silentMs > LONGEST_SILENCE_MS) all.push(silentMs / 1_000);
    return all.length === 0 ? undefined : Math.max(...all);
  };
  const removals = [
    readGauge('ums_consumer_lag_messages', 'Messages of the work topic that are not finished.', ['consumer'], () =>
      last.length === 0 ? [] : [[labels, last.reduce((sum, { next, end }) => sum + Number(end - next), 0)]],
    ),
    readGauge('ums_consumer_lag_seconds', SECONDS_HELP, ['consumer'], () => {
      const value = seconds();
      return value === undefined ? [] : [[labels, value]];
    }),
  ];
  return {
    measured: (offsets) => {
      last = offsets;
      answeredAt = now();
      for (const offset of offsets) secondsOf(offset, offset.end);
    },
    hide: () => {
      for (const remove of removals) remove();
    },
  };
};
