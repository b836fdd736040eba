/**
 * Calls `work` at multiples of `ms` of the monotonic clock, so that all timers of one period wake the process together.
 * The first call comes after at most `ms`; later ones are at least `ms` apart.
 * @returns stops the calls.
 */
export const alignedInterval = (ms: number, work: () => void): (() => void) => {
  let timer = setTimeout(() => {
    timer = setInterval(work, ms);
    work();
  }, untilNextMultiple(ms));
  return () => clearTimeout(timer);
};

/** Milliseconds until the monotonic clock is at a multiple of `ms`; from 1 to `ms`. */
export const untilNextMultiple = (ms: number): number => Math.ceil(ms - (performance.now() % ms));
