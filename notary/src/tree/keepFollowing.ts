import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@ums/kit/backoffMs';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import type { Log } from '@ums/kit/log';
import { isOperatorError } from '@ums/kit/startRefused';
import { type FollowDeps, followLog, MAX_EVENTS_PER_BATCH } from './followLog.js';
import { Unprovable } from './unprovable.js';

const BACKOFF = { firstMs: 50, maxMs: 5_000 };
/** A run that lasted this long was healthy, also if the log did not grow: its failure starts a new count of attempts. */
const HEALTHY_MS = 30_000;

export interface KeepFollowingDeps extends FollowDeps {
  log: Log;
  /** Told the position of an event without a leaf, before which the tree ends; `undefined` once it has grown past it. */
  onHalted(position: bigint | undefined): void;
}

/**
 * Keeps the tree at the head of the log until the signal aborts, under a lock that the caller holds. After a failure it waits
 * (up to 50 ms at first, up to 5 s later), then runs again from the stored position. Before an event without a leaf it halts,
 * says so once, and looks again every few seconds, because an operator may delete the stream of the event.
 *
 * @throws StartRefused when the position belongs to another log.
 */
export const keepFollowing = async (
  deps: KeepFollowingDeps,
  signal: AbortSignal,
  onAppended: (events: number, size: number) => void,
): Promise<void> => {
  const { log, onHalted } = deps;
  let haltedAt: bigint | undefined;
  for (let attempt = 1; !signal.aborted; attempt++) {
    const startedAt = performance.now();
    try {
      await followLog(deps, signal, MAX_EVENTS_PER_BATCH, (events, size) => {
        attempt = 1;
        if (haltedAt !== undefined) onHalted(undefined);
        haltedAt = undefined;
        onAppended(events, size);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Unprovable) {
        const { id: eventId, stream, revision, type, position } = error.event;
        if (position !== haltedAt)
          log.error('notary halts before an event', { position, stream, revision, type, eventId, error });
        haltedAt = position;
        onHalted(position);
      } else {
        if (isOperatorError(error)) throw error;
        if (performance.now() - startedAt > HEALTHY_MS) attempt = 1;
        const reason = error instanceof Superseded ? { reason: error.message } : {};
        log.warn('notary restarts', { attempt, ...reason, error });
      }
    }
    await sleep(backoffMs(attempt, BACKOFF), undefined, { signal }).catch(() => undefined);
  }
};
