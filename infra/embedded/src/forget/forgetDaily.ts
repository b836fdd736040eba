import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@ums/kit/log';

const HOUR_MS = 3_600_000;

export interface ForgetDailyOptions {
  forget: () => Promise<void>;
  log: Log;
  /** Also the delay after a failure. Shorter than a day, for services that are restarted daily. @default one hour */
  firstAfterMs?: number;
  /** @default 24 hours */
  everyMs?: number;
}

/**
 * Calls `forget` once a day, to remove deleted rows from the disk. A failure is logged and retried after an hour.
 * @returns stops the schedule; resolves when no call is running.
 */
export const forgetDaily = ({
  forget,
  log,
  firstAfterMs = HOUR_MS,
  everyMs = 24 * HOUR_MS,
}: ForgetDailyOptions): (() => Promise<void>) => {
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  const schedule = (async () => {
    let wait = firstAfterMs;
    for (await pause(wait); !stopping.signal.aborted; await pause(wait)) {
      try {
        await forget();
        wait = everyMs;
        log.info('deleted rows removed from disk');
      } catch (error) {
        wait = firstAfterMs;
        log.warn('removing deleted rows from disk failed', { error });
      }
    }
  })();
  return () => {
    stopping.abort();
    return schedule;
  };
};
