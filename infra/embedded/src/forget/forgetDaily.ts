import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@ums/kit/log';

const HOUR_MS = 3_600_000;

export interface ForgetDailyOptions {
  forget: () => Promise<void>;
  log: Log;
  /** An hour unless told, so that a service that is restarted every day forgets too. */
  firstAfterMs?: number;
  everyMs?: number;
}

/**
 * Takes what was deleted off the disk once a day. A failure is logged and made good an hour later.
 * @returns what stops it; it resolves when no forgetting is under way.
 */
export function forgetDaily({
  forget,
  log,
  firstAfterMs = HOUR_MS,
  everyMs = 24 * HOUR_MS,
}: ForgetDailyOptions): () => Promise<void> {
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  const forgetting = (async () => {
    let wait = firstAfterMs;
    for (await pause(wait); !stopping.signal.aborted; await pause(wait)) {
      try {
        await forget();
        wait = everyMs;
        log.info('forgot what was deleted');
      } catch (error) {
        wait = firstAfterMs;
        log.warn('forgetting failed', { error });
      }
    }
  })();
  return () => {
    stopping.abort();
    return forgetting;
  };
}
