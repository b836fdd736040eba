import { setTimeout as sleep } from 'node:timers/promises';
import { DEPENDENCY_DOWN, refusalOf } from '@ums/kit/http/problem/refusalOf';

const ATTEMPTS = 20;
const PAUSE_MS = 1_000;

/**
 * Calls again what a busy machine did not answer in time, as clients do after a 503: the time limits of the use cases are those of
 * requests, and a pause of a few seconds is no result of the bench. The call must be one that may be repeated.
 *
 * @throws what the call throws for another reason, or in the last of twenty attempts
 */
export const atLast = async <T>(call: () => Promise<T>, pauseMs = PAUSE_MS): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || attempt === ATTEMPTS) throw error;
    }
    await sleep(pauseMs);
  }
};

/** Whether HTTP answers it with 503. */
const isPassing = (error: unknown): boolean => {
  const slug = refusalOf(error)?.slug;
  return slug === DEPENDENCY_DOWN || slug === 'busy';
};
