import { type SharedSlots, sharedSlots } from './sharedSlots.js';

/** Most archives and ranges of events are sent in less. */
const LEAD_MS = 60_000;
const RETRY_AFTER_SECONDS = 10;

/**
 * Slots for answers that take as long as their reader likes. No total time is demanded: it would end the only reader, on a bad
 * line, for nobody's good. Whoever has read for a minute longer than a newcomer loses its slot while all are taken.
 *
 * @param work what the log names when all are taken
 */
export const streamSlots = (work: string, most: number): SharedSlots =>
  sharedSlots({ most, work, leadMs: LEAD_MS, retryAfterSeconds: RETRY_AFTER_SECONDS });
