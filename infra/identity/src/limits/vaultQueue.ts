import { isConnectionLost, isUnavailable } from '@ums/kit/postgres/errors';
import { type BoundedQueue, boundedQueue } from '@ums/kit/queue/boundedQueue';

/** One query at a time, so that a flood uses one vault connection, not all of them. */
const BOUNDS = { running: 1, waiting: 500 };

/**
 * A queue for queries to the vault. A connection that breaks fails the request that met it. When the vault is down, all that
 * wait fail at once, because each of them would wait for its own time-out (F-03): it refuses or does not answer, or the next
 * connection breaks too.
 */
export const vaultQueue = (): BoundedQueue => {
  let lostInARow = 0;
  const failsAll = (error: unknown) => isUnavailable(error) && (!isConnectionLost(error) || lostInARow > 1);
  const queue = boundedQueue({ ...BOUNDS, failsAll });
  return (turn, work) =>
    queue(turn, async () => {
      try {
        const result = await work();
        lostInARow = 0;
        return result;
      } catch (error) {
        lostInARow = isConnectionLost(error) ? lostInARow + 1 : 0;
        throw error;
      }
    });
};
