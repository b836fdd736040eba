const TICK_MS = 10;
/** A longer turn of the event loop counts as this much. */
const LONGEST_TURN_MS = 100;

/**
 * Measures how long work takes while this process runs. A pause of the process, in which nothing can be answered, counts as a tenth of
 * a second, however long it is. For limits of a wait that ends in the same process, or that it notices itself.
 */
export const whileAwake = async <T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> => {
  let tookMs = 0;
  let last = performance.now();
  const count = (): void => {
    const now = performance.now();
    tookMs += Math.min(now - last, LONGEST_TURN_MS);
    last = now;
  };
  const timer = setInterval(count, TICK_MS);
  try {
    const result = await work();
    count();
    return { result, tookMs };
  } finally {
    clearInterval(timer);
  }
};
