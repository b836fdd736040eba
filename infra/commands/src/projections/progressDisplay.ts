import { throttledProgress } from '@ums/projector/publisher/throttledProgress';
import type { RebuildProgress } from '@ums/projector/rebuild/rebuild';

export interface ProgressDisplay {
  show(progress: RebuildProgress): void;
  /** Leaves the last progress on the screen, with a line end. */
  end(): void;
}

interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_WIDTH = 24;
/** A bar that is drawn more often only costs time. */
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** Shows the progress of a rebuild: a bar on a terminal, otherwise a line each second at most. */
export const progressDisplay = (output: Output, now: () => number = () => performance.now()): ProgressDisplay => {
  const rate = eventsPerSecond(now);
  return output.isTTY ? barOn(output, rate, now) : linesOn(output, rate, now);
};

type Rate = (events: number) => number;

/** The average since this was called, with the time to connect. */
const eventsPerSecond = (now: () => number): Rate => {
  const startedAt = now();
  return (events) => Math.round(events / Math.max((now() - startedAt) / 1_000, 0.001));
};

const linesOn = (output: Output, rate: Rate, now: () => number): ProgressDisplay => {
  const { progress, printLast } = throttledProgress((line) => output.write(`${line}\n`), now);
  return { show: (shown) => progress(textOf(shown, rate)), end: printLast };
};

const barOn = (output: Output, rate: Rate, now: () => number): ProgressDisplay => {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let last: RebuildProgress | undefined;
  let drawn: RebuildProgress | undefined;
  const draw = (progress: RebuildProgress): void => {
    const filled = Math.floor(shareOf(progress) * BAR_WIDTH);
    output.write(`${CLEAR_LINE}[${'#'.repeat(filled).padEnd(BAR_WIDTH, '.')}] ${textOf(progress, rate)}`);
    drawnAt = now();
    drawn = progress;
  };
  return {
    show: (progress) => {
      const isNewPhase = progress.phase !== last?.phase;
      last = progress;
      if (isNewPhase || now() - drawnAt >= REDRAW_MS) draw(progress);
    },
    end: () => {
      if (last === undefined) return;
      if (drawn !== last) draw(last);
      output.write('\n');
    },
  };
};

const textOf = (progress: RebuildProgress, rate: Rate): string => {
  const { phase, events, position, head } = progress;
  const done = `${Math.floor(shareOf(progress) * 100)} %  position ${position} of ${head}  ${events} events`;
  return phase === 'indexes' ? `${done}  building indexes` : `${done}  ${rate(events)} events/s`;
};

/** Positions have gaps of any size, but those of the real log count bytes, so their ratio is near that of the work. */
const shareOf = ({ position, head }: RebuildProgress): number =>
  head <= 0n ? 1 : Math.min(1, Math.max(0, Number(position) / Number(head)));
