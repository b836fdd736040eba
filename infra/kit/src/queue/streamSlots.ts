import { type SharedSlots, sharedSlots } from './sharedSlots.js';

/** Most archives and ranges of events are sent in less time. */
const LEAD_MS = 60_000;
const RETRY_AFTER_SECONDS = 10;

/**
 * Slots for answers that take as long as their reader likes. There is no limit on the total time: it would end a slow reader even
 * while no other reader waits. While all slots are taken, a reader that has read for a minute longer than a newcomer loses its slot.
 *
 * @param work what the log names when all are taken
 */
export const streamSlots = (work: string, most: number): SharedSlots =>
  sharedSlots({ most, work, leadMs: LEAD_MS, retryAfterSeconds: RETRY_AFTER_SECONDS });
