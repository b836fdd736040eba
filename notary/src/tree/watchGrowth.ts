import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '@ums/kit/event-log/eventLog';

export interface Growth {
  /** Resolves once the log is known to have events after this position, after `ms` at the latest, or at the abort. */
  beyond(position: bigint, ms: number): Promise<void>;
}

/** Made once: without a reason, each abort makes an error with the stack. */
const GROWN = new Error('the log has grown');

/**
 * Follows the log, from a position on, only to know when it has grown: an idle reader need not ask. The subscription is a hint
 * and no more, since it may lose an event. It is the one that the followers of this process share.
 */
export const watchGrowth = (eventLog: EventLog, after: bigint | undefined, signal: AbortSignal): Growth => {
  let newest = after ?? -1n;
  let failure: { error: unknown } | undefined;
  let wake = (): void => undefined;
  const watch = async (): Promise<void> => {
    for await (const { position } of eventLog.follow(after, { signal })) {
      if (position > newest) newest = position;
      wake();
    }
  };
  watch()
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => wake());
  return {
    beyond: async (position, ms) => {
      if (failure === undefined && newest <= position && !signal.aborted) {
        const woken = new AbortController();
        wake = () => woken.abort(GROWN);
        await sleep(ms, undefined, { signal: woken.signal }).catch(() => undefined);
      }
      if (failure !== undefined) throw failure.error;
    },
  };
};
