import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { EventLog, FollowOptions } from './eventLog.js';
import { type SubscriptionOptions, subscribe } from './subscription.js';

export interface FollowerOptions extends SubscriptionOptions {
  log: Log;
}

const LONGEST_PAUSE_MS = 2_000;
/** A subscription that lived so long was sound: the next loss is the first in its row again. */
const SOUND_MS = 30_000;

/** One subscription after another, each on a connection of its own, from where the reader stands (F-13). */
export const follower = (options: FollowerOptions): EventLog['follow'] =>
  async function* follow(after, { signal }: FollowOptions) {
    let last = after;
    let attempt = 0;
    while (!signal.aborted) {
      const began = performance.now();
      const subscription = subscribe(options, last, signal);
      try {
        for await (const event of subscription.events) {
          // A server that gives an event again, or an older one, is not believed.
          if (last !== undefined && event.position <= last) continue;
          if (signal.aborted) return;
          last = event.position;
          attempt = 0;
          yield event;
        }
      } finally {
        await subscription.end();
      }
      if (signal.aborted) return;
      attempt = performance.now() - began > SOUND_MS ? 1 : attempt + 1;
      options.log.warn('subscription lost', { ...subscription.trouble(), attempt });
      await pause(attempt, signal);
    }
  };

const pause = async (attempt: number, signal: AbortSignal): Promise<void> => {
  const ms = Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
  await sleep(ms, undefined, { signal }).catch(() => signal.aborted);
};
