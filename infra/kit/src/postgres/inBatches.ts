/** Rows of one statement: changing so many takes a small part of its time-out. */
const BATCH = 5_000;
/** The next sweep goes on. One that has much to delete must not keep others from their turn. */
const MAX_BATCHES = 100;

/**
 * Changes rows in statements of limited size, each a transaction of its own, until one finds fewer rows. A single statement
 * would never succeed again once there are more rows than it changes before its time-out, as after an outage or a flood.
 *
 * @param change at most so many rows. @returns the number of rows changed
 */
export const inBatches = async (change: (limit: number) => Promise<{ rowCount: number | null }>): Promise<void> => {
  for (let count = 0; count < MAX_BATCHES; count++) if (((await change(BATCH)).rowCount ?? 0) < BATCH) return;
};
