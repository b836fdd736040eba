import { guarded } from '../breaker.js';
import { type EventLog, LogUnavailable } from './eventLog.js';

const BREAKER = {
  /** Beyond the client's own deadlines: it gives up first, for it knows what became of an append. */
  timeoutMs: 10_000,
  isOurFault: (error: unknown): boolean => error instanceof LogUnavailable,
  maxInFlight: 500,
  resetMs: 1_000,
};

/**
 * The log behind breakers, as commands use it: while it is ill they are answered 503 at once, and not each after a
 * deadline of its own (F-03). A conflict is no illness (F-04). Whoever waits for the log anyway, as the keeper does, needs
 * none.
 */
export const guardedEventLog = (eventLog: EventLog): EventLog => ({
  ...eventLog,
  append: guarded(
    'event log',
    (_signal, ...asked: Parameters<EventLog['append']>) => eventLog.append(...asked),
    BREAKER,
  ),
  readStream: guarded(
    'event log',
    (_signal, ...asked: Parameters<EventLog['readStream']>) => eventLog.readStream(...asked),
    BREAKER,
  ),
});
