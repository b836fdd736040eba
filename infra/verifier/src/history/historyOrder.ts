import { mayExpire } from '@ums/contracts/proof/mayExpire';
import { Fault } from '../fault.js';
import { describeEvent } from './describeEvent.js';
import type { PlacedEvent } from './readRecord.js';
import { streamRevisions } from './streamRevisions.js';

/** Checks the order of events, which it is given in the order of the tree. */
export interface HistoryOrder {
  /** @throws Fault for a position that does not rise, and for a revision that is not the next one of its stream */
  check(placed: PlacedEvent): void;
}

export const historyOrder = (): HistoryOrder => {
  const revisions = streamRevisions();
  let last: bigint | undefined;
  return {
    check: (placed) => {
      const { position, event } = placed;
      if (last !== undefined && position <= last)
        throw new Fault(`${describeEvent(placed)} does not come after position ${last}, which precedes it.`);
      last = position;
      // Events expire oldest first.
      const first = mayExpire(event.stream) ? event.revision : 0;
      const expected = revisions.take(event.stream, event.revision) ?? first;
      if (event.revision !== expected)
        throw new Fault(`${describeEvent(placed)} is out of order: revision ${expected} of its stream must come here.`);
    },
  };
};
