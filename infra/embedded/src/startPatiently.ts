import { setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from '@ums/kit/message-source/isOutage';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 200;

/**
 * Starts a service on engines that this process has started, again while they do not answer in time: on a busy machine or a slow disk
 * the first append to a new log may take longer than a request may. A service that runs apart ends instead, and its supervisor
 * repeats the start.
 *
 * @throws what the start throws, if it is no outage or a minute has passed
 */
export const startPatiently = async <T>(start: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> => {
  for (const end = performance.now() + patienceMs; ; await sleep(PAUSE_MS))
    try {
      return await start();
    } catch (error) {
      if (!isOutage(error) || performance.now() > end) throw error;
    }
};
