import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import { isUnavailable } from '@ums/kit/postgres/errors';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 200;

/**
 * Starts a service on engines that this process has started, again while they do not answer in time: on a busy machine or a slow disk
 * the first append to a new log may take longer than a request may. A service that runs apart ends instead, and its supervisor
 * repeats the start.
 *
 * @throws what the start throws, if it is no outage or a minute has passed
 */
export const startPatiently = async <T>(log: Log, start: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> => {
  for (const end = performance.now() + patienceMs; ; await sleep(PAUSE_MS))
    try {
      return await start();
    } catch (error) {
      if (!isPassing(error) || performance.now() > end) throw error;
      log.warn('start is repeated, because an engine did not answer', { error });
    }
};

/** A start that cannot reach a database says so in a sentence, whose cause is the outage. A login that is rejected stays so. */
const isPassing = (error: unknown): boolean =>
  error instanceof LogUnavailable ||
  error instanceof DependencyUnavailable ||
  isUnavailable(error) ||
  (error instanceof Error && isUnavailable(error.cause));
