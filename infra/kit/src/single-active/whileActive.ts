import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { holdAdvisoryLock } from './advisoryLock.js';

export interface ActiveOptions {
  /** The database whose advisory lock decides. */
  url: string;
  /** The lock: names the work that one instance at a time may do. */
  name: string;
  signal: AbortSignal;
  log: Log;
  /** Between a failure of `work` and its next turn; default 1 s. */
  retryMs?: number;
  /** Whether a failure of `work` ends the whole: no repeat would help. Default: StartRefused. */
  isFatal?: (error: unknown) => boolean;
}

/** The turn of the active instance. */
export interface Active {
  /** Aborts with the caller's signal, and when the lock is lost. */
  signal: AbortSignal;
  /** When the last good ping of the lock *began*, in ms of `performance.now()`: a lease counts from there. */
  lastProof(): number;
}

/**
 * Runs `work` while this instance is the active one, again after each loss of the lock and each failure, until `signal`.
 * The other instances stand by. The lock is released only after `work` has returned.
 *
 * @throws what `work` throws, where `isFatal`.
 */
export const whileActive = async (
  { url, name, signal, log, retryMs = 1_000, isFatal = isRefusedStart }: ActiveOptions,
  work: (active: Active) => Promise<void>,
): Promise<void> => {
  while (!signal.aborted) {
    const lost = new AbortController();
    const lock = await wait(signal, (waiting) =>
      holdAdvisoryLock({ url, key: name, signal: waiting, log, onLost: () => lost.abort() }),
    );
    if (lock === undefined) return;
    try {
      await work({ signal: AbortSignal.any([signal, lost.signal]), lastProof: lock.lastProof });
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

/** The lock releases itself when its signal aborts. Once it is held, only `release` may do that. */
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
