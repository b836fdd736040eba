import CircuitBreaker from 'opossum';
import { DependencyUnavailable } from './dependencyUnavailable.js';

export interface GuardOptions {
  /** After this the call is aborted and counts as a failure. */
  timeoutMs: number;
  /** Whether an error says the dependency is ill. The caller's own errors (conflict, not found, refused) are not (F-04). */
  isOurFault: (error: unknown) => boolean;
  /** Calls that may be under way at once, those included that ignore their abort. */
  maxInFlight?: number;
  /** How long the breaker stays open before it lets one probe through. */
  resetMs?: number;
  /** Calls within ten seconds below which it never opens. */
  volume?: number;
}

/**
 * Puts a call to a dependency behind a breaker with a real time-out: each call has an AbortSignal of its own.
 * The call's own errors pass through unchanged.
 * @throws DependencyUnavailable when the breaker is open, the call timed out or too many are under way.
 */
export const guarded = <A extends unknown[], R>(
  name: string,
  call: (signal: AbortSignal, ...args: A) => Promise<R>,
  { timeoutMs, isOurFault, maxInFlight = 100, resetMs = 5_000, volume = 5 }: GuardOptions,
): ((...args: A) => Promise<R>) => {
  let inFlight = 0;

  const timed = (...args: A): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      const controller = new AbortController();
      const timer = setTimeout(() => {
        const timedOut = new DependencyUnavailable(name);
        controller.abort(timedOut);
        reject(timedOut);
      }, timeoutMs);
      inFlight += 1;
      const called = async (): Promise<R> => call(controller.signal, ...args);
      called()
        .then(resolve, reject)
        .finally(() => {
          // A call that ignores its abort holds its place until it really ends; opossum's own capacity would not.
          inFlight -= 1;
          clearTimeout(timer);
        });
    });

  const breaker = new CircuitBreaker(timed, {
    name,
    // opossum's time-out leaves the call running and its abortController is shared by all calls.
    timeout: false,
    errorThresholdPercentage: 50,
    volumeThreshold: volume,
    enableSnapshots: false,
    resetTimeout: resetMs,
    errorFilter: (error: unknown) => !(error instanceof DependencyUnavailable || isOurFault(error)),
  });

  return async (...args) => {
    if (inFlight >= maxInFlight) throw new DependencyUnavailable(name);
    try {
      return await breaker.fire(...args);
    } catch (error) {
      throw isOpen(error) ? new DependencyUnavailable(name, error) : error;
    }
  };
};

const isOpen = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EOPENBREAKER';
