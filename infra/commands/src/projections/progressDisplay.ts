import type { RebuildProgress } from '@ums/projector/rebuild/rebuild';
import { eventsPerSecond, type ProgressOutput, progressOn } from '../progress/progressOn.js';

export interface ProgressDisplay {
  show(progress: RebuildProgress): void;
  /** Leaves the last progress on the screen, with a line end. */
  end(): void;
}

/** Shows the progress of a rebuild: a bar on a terminal, otherwise a line each second at most. */
export const progressDisplay = (
  output: ProgressOutput,
  now: () => number = () => performance.now(),
): ProgressDisplay => {
  const rate = eventsPerSecond(now);
  const { show, end } = progressOn(output, now);
  return {
    show: (progress) => show({ phase: progress.phase, share: shareOf(progress), text: textOf(progress, rate) }),
    end,
  };
};

const textOf = ({ phase, events, position, head }: RebuildProgress, rate: (events: number) => number): string => {
  const done = `position ${position} of ${head}  ${events} events`;
  return phase === 'indexes' ? `${done}  building indexes` : `${done}  ${rate(events)} events/s`;
};

/** Positions have gaps of any size, but those of the real log count bytes, so their ratio is near that of the work. */
const shareOf = ({ position, head }: RebuildProgress): number =>
  head <= 0n ? 1 : Math.min(1, Math.max(0, Number(position) / Number(head)));
