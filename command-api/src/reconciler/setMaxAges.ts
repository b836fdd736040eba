import { signinStream } from '@ums/contracts/streams';
import type { EventLog } from '@ums/kit/event-log/eventLog';

/** A call of the event log may take two seconds while it fails, and HTTP/2 allows a hundred at once. */
export const MAX_AT_ONCE = 50;
const DAY_SECONDS = 86_400;

export interface NotLimited {
  userId: string;
  error: unknown;
}

/**
 * Sets the maximum age of the sign-in streams of users, all at once: at most {@link MAX_AT_ONCE}.
 *
 * @param days that events of the streams are shown.
 * @param replaced ages in days that streams may have from an earlier setting.
 * @returns the users whose streams did not get it.
 */
export const setMaxAges = async (
  eventLog: Pick<EventLog, 'setMaxAge'>,
  userIds: readonly string[],
  days: number,
  replaced: readonly number[] = [],
): Promise<NotLimited[]> => {
  const replacedSeconds = replaced.map((age) => age * DAY_SECONDS);
  const outcomes = await Promise.all(
    userIds.map(async (userId) => {
      try {
        await eventLog.setMaxAge(signinStream(userId), days * DAY_SECONDS, replacedSeconds);
        return [];
      } catch (error) {
        return [{ userId, error }];
      }
    }),
  );
  return outcomes.flat();
};
