import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { holdAdvisoryLock } from './advisoryLock.js';

export interface ActiveOptions {
  /** The database that holds the advisory lock. */
  url: string;
  /** Name of the lock, and so of the work that only one instance does at a time. */
  name: string;
  signal: AbortSignal;
  log: Log;
  /** Pause after a failure of `work`. @default 1 s */
  retryMs?: number;
  /** Whether a failure of `work` is final because a retry cannot help. @default StartRefused */
  isFatal?: (error: unknown) => boolean;
}

/** The period in which this instance is active. */
export interface Active {
  /** Aborts with the caller's signal, or when the lock is lost. */
  signal: AbortSignal;
  /** Start of the last successful ping of the lock, in ms of `performance.now()`: a lease runs from there. */
  lastPingAt(): number;
}

/**
 * Runs `work` while this instance is the active one, and again after each loss of the lock and each failure, until
 * `signal` aborts. Other instances are standbys. The lock is released only after `work` has returned.
 *
 * @throws what `work` throws if `isFatal`.
 */
export const whileActive = async (
  { url, name, signal, log, retryMs = 1_000, isFatal = isRefusedStart }: ActiveOptions,
  work: (active: Active) => Promise<void>,
): Promise<void> => {
  while (!signal.aborted) {
    const lost = new AbortController();
    const lock = await takeUnlessAborted(signal, (waiting) =>
      holdAdvisoryLock({ url, key: name, signal: waiting, log, onLost: () => lost.abort() }),
    );
    if (lock === undefined) return;
    try {
      await work({ signal: AbortSignal.any([signal, lost.signal]), lastPingAt: lock.lastPingAt });
    } catch (error) {
      if (isFatal(error)) throw error;
      log.error('active work failed', { reason: name, error });
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    } finally {
      await lock.release();
    }
  }
};

const isRefusedStart = (error: unknown): boolean => error instanceof StartRefused;

/**
 * `undefined` when the signal aborted. The lock gets a signal that is detached once the lock is held: an abort must not
 * release it before `work` has returned.
 */
const takeUnlessAborted = async <T>(
  signal: AbortSignal,
  take: (waiting: AbortSignal) => Promise<T>,
): Promise<T | undefined> => {
  const waiting = new AbortController();
  const stop = (): void => waiting.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await take(waiting.signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
