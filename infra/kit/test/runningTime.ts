const TICK_MS = 10;

/**
 * Measures the time in which this process runs. A turn of the event loop that comes late counts as one that came in time, so that a
 * machine that stands still does not make an answer late.
 *
 * @returns ends the measurement, and returns the time in ms
 */
export const runningTime = (): (() => number) => {
  let [ms, last] = [0, performance.now()];
  const count = (): void => {
    const now = performance.now();
    ms += Math.min(now - last, 2 * TICK_MS);
    last = now;
  };
  const timer = setInterval(count, TICK_MS);
  return () => {
    clearInterval(timer);
    count();
    return ms;
  };
};
