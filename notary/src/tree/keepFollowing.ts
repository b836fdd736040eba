import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@ums/kit/backoffMs';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import type { Log } from '@ums/kit/log';
import { isOperatorError } from '@ums/kit/startRefused';
import { type FollowDeps, followLog, MAX_EVENTS_PER_BATCH } from './followLog.js';

const BACKOFF = { firstMs: 50, maxMs: 5_000 };
/** A run that lasted this long was healthy, also if the log did not grow: its failure starts a new count of attempts. */
const HEALTHY_MS = 30_000;

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
    const startedAt = performance.now();
    try {
      await followLog(deps, signal, MAX_EVENTS_PER_BATCH, (events, size) => {
        attempt = 1;
        onAppended(events, size);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (isOperatorError(error)) throw error;
      if (performance.now() - startedAt > HEALTHY_MS) attempt = 1;
      const reason = error instanceof Superseded ? { reason: error.message } : {};
      deps.log.warn('notary restarts', { attempt, ...reason, error });
    }
    await sleep(backoffMs(attempt, BACKOFF), undefined, { signal }).catch(() => undefined);
  }
};
