import { NotCanonical } from '@ums/contracts/proof/canonicalJson';
import { leafHash } from '@ums/contracts/proof/leaf';
import { Fault } from '../fault.js';
import { describeEvent } from './describeEvent.js';
import type { PlacedEvent } from './readRecord.js';

/** The hash of the leaf of an event. @throws Fault for an event that no log could have signed */
export const leafOf = (placed: PlacedEvent): Buffer => {
  try {
    return leafHash(placed.event);
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    throw new Fault(`${describeEvent(placed)} has no canonical JSON.`, { cause: error });
  }
};
