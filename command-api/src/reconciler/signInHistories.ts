import type { RecordedEvent } from '@ums/contracts/events/event';
import { parseStream, signinStream } from '@ums/contracts/streams';
import type { FactDeps } from '../account/factDeps.js';
import { MAX_AT_ONCE, type NotLimited, setMaxAges } from './setMaxAges.js';
import { noteUnlimited } from './unlimitedSignInRow.js';

/** Limits how long the events of sign-in streams are shown. */
export interface SignInHistories {
  /** Limits the streams that begin in a batch of the log, and those that are left from before. Never throws. */
  limit(batch: readonly RecordedEvent[]): Promise<void>;
  /** Number of streams that are left: neither limited nor noted in the vault. */
  unfinished(): number;
}

/**
 * Sets the maximum age of each sign-in stream once it has its first event. A log-in does not wait for that, and does not
 * fail with it. What fails is noted in the vault, for `limitEarlierSignIns` to try again, so that one stream does not hold the
 * checkpoint of the caller. While the vault cannot note it, the caller must not store its checkpoint.
 */
export const limitSignInHistories = (
  { vault, eventLog, log }: Pick<FactDeps, 'vault' | 'eventLog' | 'log'>,
  days: number,
): SignInHistories => {
  const left = new Set<string>();

  /** Stops where a whole group fails: then the rest would, too, each group after two seconds. */
  const limitLeft = async (userIds: readonly string[]): Promise<NotLimited[]> => {
    const failed: NotLimited[] = [];
    for (let from = 0; from < userIds.length; from += MAX_AT_ONCE) {
      const group = userIds.slice(from, from + MAX_AT_ONCE);
      const failedNow = await setMaxAges(eventLog, group, days);
      const failedIds = new Set(failedNow.map(({ userId }) => userId));
      for (const userId of group) if (!failedIds.has(userId)) left.delete(userId);
      failed.push(...failedNow);
      if (failedNow.length === group.length) break;
    }
    return failed;
  };

  return {
    limit: async (batch) => {
      for (const { stream, revision } of batch) {
        const name = parseStream(stream);
        if (revision === 0n && name?.category === 'signin') left.add(name.id);
      }
      const userIds = [...left];
      const failed = await limitLeft(userIds);
      const noted = userIds.filter((userId) => left.has(userId));
      if (noted.length === 0) return;
      try {
        await noteUnlimited(vault, noted);
      } catch (error) {
        log.warn('sign-in streams neither limited nor noted', { error });
        return;
      }
      for (const userId of noted) left.delete(userId);
      for (const { userId, error } of failed)
        log.warn('sign-in stream not limited', { stream: signinStream(userId), error });
    },
    unfinished: () => left.size,
  };
};
