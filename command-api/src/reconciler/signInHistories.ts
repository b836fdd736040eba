import type { RecordedEvent } from '@ums/contracts/events/event';
import { mayExpire } from '@ums/contracts/proof/mayExpire';
import type { FactDeps } from '../account/factDeps.js';

/** Limits how long the events of sign-in streams are shown. */
export interface SignInHistories {
  /** Limits the streams that begin in a batch of the log, and those that could not be limited before. Never throws. */
  limit(batch: readonly RecordedEvent[]): Promise<void>;
  /** Number of streams that are not limited yet. */
  unfinished(): number;
}

export const DAY_SECONDS = 86_400;
/** A call of the event log may take two seconds while it fails, and HTTP/2 allows a hundred at once. */
export const MAX_AT_ONCE = 50;

/**
 * Sets the maximum age of each sign-in stream once it has its first event. A log-in does not wait for that, and does not
 * fail with it. What fails is kept for the next call; the caller must not store its checkpoint before that has succeeded.
 */
export const limitSignInHistories = (
  { eventLog, log }: Pick<FactDeps, 'eventLog' | 'log'>,
  days: number,
): SignInHistories => {
  const unlimited = new Set<string>();

  const limitOne = async (stream: string): Promise<boolean> => {
    try {
      await eventLog.setMaxAge(stream, days * DAY_SECONDS);
      unlimited.delete(stream);
      return true;
    } catch (error) {
      log.warn('sign-in stream not limited', { stream, error });
      return false;
    }
  };

  return {
    limit: async (batch) => {
      for (const { stream, revision } of batch) if (revision === 0n && mayExpire(stream)) unlimited.add(stream);
      const streams = [...unlimited];
      for (let from = 0; from < streams.length; from += MAX_AT_ONCE) {
        const limited = await Promise.all(streams.slice(from, from + MAX_AT_ONCE).map(limitOne));
        if (limited.includes(false)) return;
      }
    },
    unfinished: () => unlimited.size,
  };
};
