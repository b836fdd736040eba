import { withBreaker } from '../breaker.js';
import { type EventLog, LogUnavailable } from './eventLog.js';

const BREAKER = {
  /** Longer than the client's own deadlines: the client must give up first, because it can resolve an append's outcome. */
  timeoutMs: 10_000,
  isFailure: (error: unknown): boolean => error instanceof LogUnavailable,
  maxInFlight: 500,
  resetMs: 1_000,
};

/**
 * The log behind circuit breakers, for commands: while the log is failing, they get 503 at once instead of after a
 * deadline each (F-03). Conflicts do not count as failures (F-04). Background work that waits for the log uses the
 * unguarded log.
 */
export const guardedEventLog = (eventLog: EventLog): EventLog => ({
  ...eventLog,
  append: withBreaker(
    'event log',
    (_signal, ...args: Parameters<EventLog['append']>) => eventLog.append(...args),
    BREAKER,
  ),
  readStream: withBreaker(
    'event log',
    (_signal, ...args: Parameters<EventLog['readStream']>) => eventLog.readStream(...args),
    BREAKER,
  ),
  readPart: withBreaker(
    'event log',
    (_signal, ...args: Parameters<EventLog['readPart']>) => eventLog.readPart(...args),
    BREAKER,
  ),
});
