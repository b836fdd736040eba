import { eventsPerSecond, type ProgressOutput, progressOn } from '../progress/progressOn.js';
import { counted } from './counted.js';
import type { ReplayOrder } from './replayOrder.js';

export interface ReplayDisplay {
  /**
   * @param position of the last record; the bar shows how far it is in the range of the order
   * @param isComplete there are no more records, also where the range goes on beyond the last one. @default false
   */
  show(order: ReplayOrder, records: number, position: string | undefined, isComplete?: boolean): void;
  /** Leaves the last progress on the screen, with a line end. */
  end(): void;
}

interface Outputs {
  stdout: { isTTY?: boolean };
  stderr: ProgressOutput;
}

/** Shows the progress of a replay on stderr. When the records themselves are printed on a terminal, they are its progress. */
export const replayDisplay = ({ stdout, stderr }: Outputs, now = () => performance.now()): ReplayDisplay => {
  if (stdout.isTTY) return { show: () => undefined, end: () => undefined };
  const rate = eventsPerSecond(now);
  const { show, end } = progressOn(stderr, now);
  return {
    show: (order, records, position, isComplete = false) => {
      const place = position === undefined ? '' : `position ${position}  `;
      const text = `${place}${counted(records)}  ${rate(records)} records/s`;
      show({ phase: 'records', share: isComplete ? 1 : shareOf(order, position), text });
    },
    end,
  };
};

/** `undefined` where nobody knows how many records there are. */
const shareOf = (order: ReplayOrder, position: string | undefined): number | undefined => {
  if (order.kind !== 'events' || order.range === undefined || position === undefined) return undefined;
  const { from, to } = order.range;
  return to === from ? 1 : Math.max(0, Number(BigInt(position) - from) / Number(to - from));
};
