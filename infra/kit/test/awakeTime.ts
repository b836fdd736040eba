const TICK_MS = 10;
/** A longer turn of the event loop counts as this much, unless it computes for longer. */
const LONGEST_TURN_MS = 100;

/**
 * Measures time in which this process runs. A pause of the process, in which nothing can be answered, counts as a tenth of a second,
 * however long it is; a turn of the event loop that computes counts in full.
 *
 * @returns a function that ends the measurement, and returns the time in ms
 */
export const awakeTime = (): (() => number) => {
  let awakeMs = 0;
  let last = performance.now();
  let used = process.cpuUsage();
  const count = (): void => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(used);
    awakeMs += Math.min(now - last, Math.max(LONGEST_TURN_MS, (user + system) / 1_000));
    [last, used] = [now, process.cpuUsage()];
  };
  const timer = setInterval(count, TICK_MS).unref();
  return () => {
    clearInterval(timer);
    count();
    return awakeMs;
  };
};

/** The result of work, and how long it took while this process ran; see {@link awakeTime}. */
export const whileAwake = async <T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> => {
  const end = awakeTime();
  try {
    const result = await work();
    return { result, tookMs: end() };
  } finally {
    end();
  }
};
