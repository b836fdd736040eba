import { Fault } from '../fault.js';
import type { Checkpoint } from '../note/checkpoint.js';

/** A checkpoint that was kept apart from the log, and where it is from. */
export interface OutsideCheckpoint extends Checkpoint {
  /** Names its file in messages. */
  source: string;
}

/**
 * Checkpoints from outside by size, smallest first, one of each size.
 *
 * @throws Fault for one of another log, and for two that state different trees of one size, or different numbers
 */
export const bySize = (checkpoints: readonly OutsideCheckpoint[], { origin }: Checkpoint): OutsideCheckpoint[] => {
  const sorted = new Map<number, OutsideCheckpoint>();
  for (const checkpoint of checkpoints) {
    if (checkpoint.origin !== origin)
      throw new Fault(`A checkpoint of ${checkpoint.source} is of the log ${checkpoint.origin}, not of ${origin}.`);
    const same = sorted.get(checkpoint.size);
    if (same !== undefined && !same.root.equals(checkpoint.root))
      throw new Fault(
        `Two checkpoints from outside, in ${same.source} and ${checkpoint.source}, state different trees of size ${checkpoint.size}.`,
      );
    if (same?.expirable !== undefined && checkpoint.expirable !== undefined && same.expirable !== checkpoint.expirable)
      throw new Fault(
        `Two checkpoints from outside, in ${same.source} and ${checkpoint.source}, count different events that may expire in the tree of size ${checkpoint.size}.`,
      );
    // The one that says more.
    sorted.set(checkpoint.size, same?.expirable === undefined ? { ...same, ...checkpoint } : same);
  }
  return [...sorted.values()].sort((a, b) => a.size - b.size);
};
