const INTERVAL_MS = 10;
/** The rest is left for what the decoder allocates between two measurements: it can fill some 2 GB a second. */
const SHARE = 7 / 8;

/**
 * Calls back once when the resident memory of this process comes near the limit, early enough that a process that then ends
 * does not exceed the limit. Native memory counts too, which no option of V8 limits.
 * @returns ends the watch.
 */
export const watchMemory = (limitBytes: number, onExceeded: () => void): (() => void) => {
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() <= limitBytes * SHARE) return;
    clearInterval(timer);
    onExceeded();
  }, INTERVAL_MS);
  return () => clearInterval(timer);
};
