import { setTimeout as sleep } from 'node:timers/promises';
import { isCoordinatorBusy } from './kafkaFailure.js';

const FIRST_PAUSE_MS = 4;
const MAX_PAUSE_MS = 200;

/**
 * Repeats a request until the coordinator of its group or transaction can answer it, or until it `isOver`.
 * @throws the error of the last request
 */
export const whileCoordinatorBusy = async <T>(request: () => Promise<T>, isOver: () => boolean): Promise<T> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, MAX_PAUSE_MS)) {
    try {
      return await request();
    } catch (error) {
      if (!isCoordinatorBusy(error) || isOver()) throw error;
      await sleep(pauseMs);
    }
  }
};
