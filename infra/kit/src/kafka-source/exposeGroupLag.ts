import { type LagClock, lagClock } from '../event-log/lagClock.js';
import { readGauge } from '../metrics.js';
import type { GroupOffset } from './groupOffsets.js';

export interface ExposedGroupLag {
  /** To be called with the offsets whenever they are known. */
  measured(offsets: readonly GroupOffset[]): void;
  hide(): void;
}

/**
 * Exposes the messages that a consumer group has not finished, and for how long the partition that is furthest behind has been
 * behind. While the broker does not answer, a partition that was behind counts as behind.
 *
 * @param now in ms. @default performance.now
 */
export const exposeGroupLag = (consumer: string, now?: () => number): ExposedGroupLag => {
  const labels = { consumer };
  const clocks = new Map<number, LagClock>();
  let last: readonly GroupOffset[] = [];
  const secondsOf = ({ partition, next }: GroupOffset, head?: bigint): number => {
    const clock = clocks.get(partition) ?? lagClock(now);
    clocks.set(partition, clock);
    return clock(next, head) ?? 0;
  };
  const removals = [
    readGauge('ums_consumer_lag_messages', 'Messages of the work topic that are not finished.', ['consumer'], () =>
      last.length === 0 ? [] : [[labels, last.reduce((sum, { next, end }) => sum + Number(end - next), 0)]],
    ),
    readGauge('ums_consumer_lag_seconds', 'Time since events are known that are not finished.', ['consumer'], () =>
      last.length === 0 ? [] : [[labels, Math.max(...last.map((offset) => secondsOf(offset)))]],
    ),
  ];
  return {
    measured: (offsets) => {
      last = offsets;
      for (const offset of offsets) secondsOf(offset, offset.end);
    },
    hide: () => {
      for (const remove of removals) remove();
    },
  };
};
