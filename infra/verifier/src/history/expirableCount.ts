import { mayExpire } from '@ums/contracts/proof/mayExpire';
import { Fault } from '../fault.js';
import type { Checkpoint } from '../note/checkpoint.js';
import type { PlacedEvent } from './readRecord.js';

/** Tells events that expired from events that were deleted: checkpoints state how many may expire. */
export interface ExpirableCount {
  /** Takes the next leaf. @param placed its event, `undefined` where the export has the hash alone */
  take(placed: PlacedEvent | undefined): void;
  /** Compares the leaves so far with the checkpoint of this size. @throws Fault */
  compare(checkpoint: Checkpoint, source: string): void;
  /** Leaves by their hashes alone: all of them, and those that no checkpoint tells from deleted ones. */
  hashes(): { all: number; unexplained: number };
}

export const expirableCount = (): ExpirableCount => {
  let hidden = 0;
  let visible = 0;
  let explained = 0;
  /** Size of the largest tree whose number was right. */
  let confirmed = 0;
  return {
    take: (placed) => {
      if (placed === undefined) hidden += 1;
      else if (mayExpire(placed.event.stream)) visible += 1;
    },
    compare: ({ size, expirable }, source) => {
      if (expirable === undefined) return;
      const where = `between leaf ${confirmed} and leaf ${size - 1}`;
      const deleted = hidden + visible - expirable;
      if (deleted > 0)
        throw new Fault(
          `${deleted} event${deleted > 1 ? 's' : ''} of streams that do not expire ${deleted > 1 ? 'were' : 'was'} deleted ${where}, by the checkpoint of size ${size} of ${source}.`,
        );
      if (deleted < 0)
        throw new Fault(
          `The checkpoint of size ${size} of ${source} counts ${expirable} events that may expire, and the export has ${hidden + visible}: the number is wrong.`,
        );
      confirmed = size;
      explained = hidden;
    },
    hashes: () => ({ all: hidden, unexplained: hidden - explained }),
  };
};
