/** Pause before the next attempt of a call whose connection was lost: random, so that callers do not return all at once. */
export const backoffMs = (attempts: number): number => Math.min(25 * 2 ** attempts, 400) * (0.5 + Math.random() / 2);
