import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../backoffMs.js';
import type { Log } from '../log.js';
import type { EventLog, FollowOptions } from './eventLog.js';
import { type SubscriptionOptions, subscribe } from './subscription.js';

export interface FollowerOptions extends SubscriptionOptions {
  log: Log;
}

const BACKOFF = { firstMs: 50, maxMs: 2_000 };
/** A subscription that lasted this long was healthy: its loss starts a new count of attempts. */
const HEALTHY_MS = 30_000;

/** Opens one subscription after another, each after the newest event yielded (F-13). */
export const follower = (options: FollowerOptions): EventLog['follow'] =>
  async function* follow(after, followOptions: FollowOptions) {
    const { signal } = followOptions;
    let last = after;
    let attempt = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      const subscription = subscribe(options, last, followOptions);
      try {
        for await (const event of subscription.events) {
          if (signal.aborted) return;
          if (last === undefined || event.position > last) last = event.position;
          attempt = 0;
          yield event;
        }
      } finally {
        await subscription.end();
      }
      if (signal.aborted) return;
      attempt = performance.now() - startedAt > HEALTHY_MS ? 1 : attempt + 1;
      options.log.warn('subscription lost', { ...subscription.endCause(), attempt });
      await pause(attempt, signal);
    }
  };

const pause = async (attempt: number, signal: AbortSignal): Promise<void> => {
  await sleep(backoffMs(attempt, BACKOFF), undefined, { signal }).catch(() => signal.aborted);
};
