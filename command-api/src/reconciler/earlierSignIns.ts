import { signinStream } from '@ums/contracts/streams';
import type { FactDeps } from '../account/factDeps.js';
import { DAY_SECONDS, MAX_AT_ONCE } from './signInHistories.js';
import { beginSignInLimit, type SignInLimit, storeSignInLimit, usersAfter } from './signInLimitRow.js';

/** Of a call; the reconciler makes one at each sweep. */
const USERS_AT_ONCE = 500;

/**
 * Sets the maximum age of sign-in streams that began before the service set one, or while another one was configured. Each call
 * does the next users in the order of their ids, and stores how far it has come. What fails is logged and done at the next
 * call. Once all users are done, a call costs nothing. Never throws.
 */
export const limitEarlierSignIns = (
  { vault, eventLog, log }: Pick<FactDeps, 'vault' | 'eventLog' | 'log'>,
  days: number,
  usersAtOnce = USERS_AT_ONCE,
): (() => Promise<void>) => {
  let limit: SignInLimit | undefined;

  const limitNext = async ({ replaced, afterUser }: SignInLimit): Promise<SignInLimit> => {
    const users = await usersAfter(vault, afterUser, usersAtOnce);
    const replacedSeconds = replaced.map((age) => age * DAY_SECONDS);
    for (let from = 0; from < users.length; from += MAX_AT_ONCE)
      await Promise.all(
        users
          .slice(from, from + MAX_AT_ONCE)
          .map((userId) => eventLog.setMaxAge(signinStream(userId), days * DAY_SECONDS, replacedSeconds)),
      );
    const next = { replaced, afterUser: users.at(-1) ?? afterUser, finished: users.length < usersAtOnce };
    await storeSignInLimit(vault, days, next);
    if (next.finished) log.info('all sign-in streams limited');
    return next;
  };

  return async () => {
    if (limit?.finished) return;
    try {
      limit ??= await beginSignInLimit(vault, days);
      if (!limit.finished) limit = await limitNext(limit);
    } catch (error) {
      log.warn('earlier sign-in streams not limited', { error });
    }
  };
};
