import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import { holdAdvisoryLock } from '../postgres/advisoryLock.js';
import { StartRefused } from '../startRefused.js';

export interface ActiveOptions {
  /** The database whose advisory lock decides. */
  url: string;
  /** What one instance at a time may do. */
  name: string;
  signal: AbortSignal;
  log: Log;
  /** Between a failure of `work` and its next turn. */
  retryMs?: number;
}

/**
 * Runs `work` while this instance is the active one, again after each loss of the lock and each failure, until `signal`.
 * The signal that `work` gets ends with the lock; the lock is given up only after `work` has returned.
 *
 * @throws StartRefused when `work` does: no repeat would help.
 */
export const whileActive = async (
  { url, name, signal, log, retryMs = 1_000 }: ActiveOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  while (!signal.aborted) {
    const lost = new AbortController();
    const lock = await wait(signal, (waiting) =>
      holdAdvisoryLock({ url, key: name, signal: waiting, log, onLost: () => lost.abort() }),
    );
    if (lock === undefined) return;
    try {
      await work(AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      if (error instanceof StartRefused) throw error;
      log.error('active work failed', { reason: name, error });
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    } finally {
      await lock.release();
    }
  }
};

/** The lock gives itself up when its signal aborts: from the moment it is held, that is `release`'s business alone. */
const wait = async <T>(signal: AbortSignal, take: (waiting: AbortSignal) => Promise<T>): Promise<T | undefined> => {
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
