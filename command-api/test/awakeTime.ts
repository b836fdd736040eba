const TICK_MS = 10;
/** More than a busy process lets a timer wait. */
const LONGEST_TICK_MS = 250;

/**
 * Measures time in which this process ran: a pause of the process, which no code can notice or shorten, counts as a quarter of a
 * second at most. For limits that the code under test has to keep.
 *
 * @returns ends the measurement. @returns the milliseconds since the start
 */
export const awakeTime = (): (() => number) => {
  let passedMs = 0;
  let last = performance.now();
  const add = (): void => {
    const now = performance.now();
    passedMs += Math.min(now - last, LONGEST_TICK_MS);
    last = now;
  };
  const ticking = setInterval(add, TICK_MS);
  return () => {
    clearInterval(ticking);
    add();
    return passedMs;
  };
};
