import { throttledProgress } from '@ums/projector/publisher/throttledProgress';

/** Work that is under way. */
export interface Progress {
  /** A bar is drawn at once when it changes. */
  phase: string;
  /** From 0 to 1; `undefined` when nobody knows how much there is. */
  share: number | undefined;
  text: string;
}

export interface ProgressOutput {
  isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Leaves the last progress on the screen, with a line end. */
  end(): void;
}

const BAR_WIDTH = 24;
/** A bar that is drawn more often only costs time. */
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** Shows progress: a bar on a terminal, otherwise a line each second at most. */
export const progressOn = (output: ProgressOutput, now: () => number): ProgressDisplay =>
  output.isTTY ? barOn(output, now) : linesOn(output, now);

/** The average since this was called, with the time to connect. */
export const eventsPerSecond = (now: () => number): ((events: number) => number) => {
  const startedAt = now();
  return (events) => Math.round(events / Math.max((now() - startedAt) / 1_000, 0.001));
};

const linesOn = (output: ProgressOutput, now: () => number): ProgressDisplay => {
  const { progress, printLast } = throttledProgress((line) => output.write(`${line}\n`), now);
  return { show: ({ share, text }) => progress(`${percentOf(share)}${text}`), end: printLast };
};

const barOn = (output: ProgressOutput, now: () => number): ProgressDisplay => {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let last: Progress | undefined;
  let drawn: Progress | undefined;
  const draw = (progress: Progress): void => {
    const { share, text } = progress;
    output.write(`${CLEAR_LINE}${share === undefined ? '' : barOf(share)}${percentOf(share)}${text}`);
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

const barOf = (share: number): string => `[${'#'.repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.')}] `;

const percentOf = (share: number | undefined): string => (share === undefined ? '' : `${Math.floor(share * 100)} %  `);
