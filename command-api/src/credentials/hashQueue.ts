import { counter, gauge } from '@ums/kit/metrics';
import { type BoundedQueue, boundedQueue, type QueueBounds } from '@ums/kit/queue/boundedQueue';
import { Refused } from '@ums/kit/refused';

/** More running hashes would starve the thread pool; more waiting ones would be answered too late. */
const BOUNDS = { running: 2, waiting: 20 };

/** The queue of all password hashes of this process, with its metrics. */
export const hashQueue = (bounds: QueueBounds = BOUNDS): BoundedQueue => {
  const queue = boundedQueue(bounds);
  const running = gauge('ums_hash_queue_running', 'Password hashes that are computed now.', []);
  const waiting = gauge('ums_hash_queue_waiting', 'Password hashes that wait.', []);
  const refused = counter('ums_hash_queue_refused_total', 'Password hashes that were refused for lack of a place.', []);
  return async (turn, work) => {
    let hasStarted = false;
    const start = (): void => {
      hasStarted = true;
      waiting.dec();
      running.inc();
    };
    waiting.inc();
    try {
      return await queue(turn, () => {
        start();
        return work().finally(() => running.dec());
      });
    } catch (error) {
      if (!hasStarted) waiting.dec();
      if (!hasStarted && error instanceof Refused) refused.inc();
      throw error;
    }
  };
};
