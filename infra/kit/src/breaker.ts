import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import { DependencyUnavailable } from './dependencyUnavailable.js';
import { noteWait } from './wait.js';

export interface BreakerOptions {
  /** A call that takes longer is aborted and counts as a failure. What has arrived while this process was paused is read first. */
  timeoutMs: number;
  /** Whether an error is a failure of the dependency. A conflict, not-found or refusal is not one (F-04). */
  isFailure: (error: unknown) => boolean;
  /** Most concurrent calls, including aborted ones that have not ended. @default 100 */
  maxInFlight?: number;
  /** How long the breaker stays open before it lets one probe through. @default 5 s */
  resetMs?: number;
  /** The breaker opens only after at least this many calls within ten seconds. @default 5 */
  volume?: number;
}

/**
 * Wraps a call to a dependency in a circuit breaker with a time-out. Each call gets its own AbortSignal.
 * Errors of the call pass through unchanged.
 * @throws DependencyUnavailable when the breaker is open, the call timed out or `maxInFlight` calls are running. `wasCalled` tells the
 * time-out from the others.
 */
export const withBreaker = <A extends unknown[], R>(
  name: string,
  call: (signal: AbortSignal, ...args: A) => Promise<R>,
  { timeoutMs, isFailure, maxInFlight = 100, resetMs = 5_000, volume = 5 }: BreakerOptions,
): ((...args: A) => Promise<R>) => {
  let inFlight = 0;

  const timed = (...args: A): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      const controller = new AbortController();
      let hasEnded = false;
      const expire = (): void => {
        if (hasEnded) return;
        const limit = `no answer within ${timeoutMs} ms`;
        const timedOut = noteWait(new DependencyUnavailable(name), { dependency: name, limit, waitedMs: timeoutMs });
        controller.abort(timedOut);
        reject(timedOut);
      };
      // After a pause of the process, timers run before what has arrived meanwhile is read, and immediates after it.
      const timer = setTimeout(() => setImmediate(expire), timeoutMs);
      inFlight += 1;
      // The async wrapper turns a synchronous throw into a rejection.
      const start = async (): Promise<R> => call(controller.signal, ...args);
      start()
        .then(resolve, reject)
        .finally(() => {
          // An aborted call counts as in flight until it ends; opossum's `capacity` would stop counting it at the time-out.
          inFlight -= 1;
          hasEnded = true;
          clearTimeout(timer);
        });
    });

  const window = rollingWindow();
  const breaker = new CircuitBreaker(timed, {
    name,
    // opossum's own time-out does not abort the call, and its abortController is shared by all calls.
    timeout: false,
    errorThresholdPercentage: 50,
    volumeThreshold: volume,
    enableSnapshots: false,
    rotateBucketController: window.rotation,
    resetTimeout: resetMs,
    errorFilter: (error: unknown) => !(error instanceof DependencyUnavailable || isFailure(error)),
  });

  const refusedAtOnce = (limit: string, cause?: unknown) =>
    noteWait(new DependencyUnavailable(name, cause, false), { dependency: name, limit, waitedMs: 0 });

  return async (...args) => {
    if (inFlight >= maxInFlight) throw refusedAtOnce(`${maxInFlight} calls in flight`);
    window.called();
    try {
      return await breaker.fire(...args);
    } catch (error) {
      throw isOpen(error) ? refusedAtOnce('circuit breaker is open', error) : error;
    } finally {
      window.called();
    }
  };
};

/** Seconds that opossum counts calls for, one bucket each. */
const WINDOW_SECONDS = 10;

/**
 * Rotates the buckets of a breaker every second until all are empty again. opossum's own timer would wake the process for
 * each breaker every second for ever.
 */
const rollingWindow = () => {
  const rotation = new EventEmitter();
  let rotations = 0;
  let timer: NodeJS.Timeout | undefined;
  const rotate = (): void => {
    rotation.emit('rotate');
    rotations += 1;
    // Calls fill the newest bucket until the next rotation, so one more than there are buckets empties all.
    if (rotations <= WINDOW_SECONDS) return;
    clearInterval(timer);
    timer = undefined;
  };
  /** To be called when a call begins and ends: both fill the newest bucket. */
  const called = (): void => {
    rotations = 0;
    timer ??= setInterval(rotate, 1_000).unref();
  };
  return { rotation, called };
};

const isOpen = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EOPENBREAKER';
