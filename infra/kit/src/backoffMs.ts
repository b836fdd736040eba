export interface Backoff {
  /** The longest pause after the first failure, in ms. */
  firstMs: number;
  /** The longest pause of all, in ms. */
  maxMs: number;
}

/**
 * Pause before the next attempt, in ms: twice as long after each failure, up to `maxMs`. Half of it is random, so that callers
 * that failed together do not return together.
 *
 * @param failures in a row, 1 or more.
 */
export const backoffMs = (failures: number, { firstMs, maxMs }: Backoff): number =>
  Math.min(firstMs * 2 ** (failures - 1), maxMs) * (0.5 + Math.random() / 2);
