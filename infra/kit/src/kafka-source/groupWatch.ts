import type { GroupOffset } from './groupOffsets.js';

/** A member gets no records although its partitions have some, and has nothing left to do. */
export class Stalled extends Error {
  override readonly name = 'Stalled';

  constructor() {
    super('no record was delivered although there are some');
  }
}

export interface GroupWatchOptions {
  offsets(): Promise<readonly GroupOffset[]>;
  /** Whether a partition is assigned to this member and nothing of it is unfinished. */
  isIdle(partition: number): boolean;
  everyMs: number;
  /**
   * Called after each check with the number of records that the group has not finished, in all partitions, and, from the second
   * check on, with a verdict on this member.
   */
  onChecked(lag: number, verdict: 'moves' | 'stalled' | undefined): void;
}

/**
 * Compares the progress of a member with the end of its partitions: a client whose loop has died looks idle otherwise. Stalled
 * means that during two checks a partition had records, the commit was the same and nothing was in progress.
 */
export const groupWatch = ({ offsets, isIdle, everyMs, onChecked }: GroupWatchOptions) => {
  let previous: ReadonlyMap<number, bigint> | undefined;
  let checking: Promise<void> | undefined;

  const check = async (): Promise<void> => {
    let found: readonly GroupOffset[];
    try {
      found = await offsets();
    } catch {
      // A broker that does not answer shows no stall; the member notices it by itself.
      previous = undefined;
      return;
    }
    const lag = found.reduce((sum, { next, end }) => sum + Number(end - next), 0);
    const idle = found.filter(({ partition, next, end }) => next < end && isIdle(partition));
    const isStalled = idle.some(({ partition, next }) => previous?.get(partition) === next);
    onChecked(lag, previous && (isStalled ? 'stalled' : 'moves'));
    previous = new Map(idle.map(({ partition, next }) => [partition, next]));
  };
  const timer = setInterval(() => {
    checking ??= check().finally(() => {
      checking = undefined;
    });
  }, everyMs);
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await checking;
    },
  };
};
