import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@ums/kit/backoffMs';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import type { Log } from '@ums/kit/log';
import { isOperatorError } from '@ums/kit/startRefused';
import { type FollowDeps, followLog, MAX_EVENTS_PER_BATCH } from './followLog.js';

const BACKOFF = { firstMs: 50, maxMs: 5_000 };

/**
 * Keeps the tree at the head of the log until the signal aborts, under a lock that the caller holds. After a failure it waits
 * (up to 50 ms at first, up to 5 s later), then runs again from the stored position.
 *
 * @throws StartRefused when the position belongs to another log.
 */
export const keepFollowing = async (
  deps: FollowDeps & { log: Log },
  signal: AbortSignal,
  onAppended: (events: number, size: number) => void,
): Promise<void> => {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await followLog(deps, signal, MAX_EVENTS_PER_BATCH, (events, size) => {
        attempt = 1;
        onAppended(events, size);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (isOperatorError(error)) throw error;
      const reason = error instanceof Superseded ? { reason: error.message } : {};
      deps.log.warn('notary restarts', { attempt, ...reason, error });
    }
    await sleep(backoffMs(attempt, BACKOFF), undefined, { signal }).catch(() => undefined);
  }
};
