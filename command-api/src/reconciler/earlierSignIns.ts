import { signinStream } from '@ums/contracts/streams';
import type { FactDeps } from '../account/factDeps.js';
import { MAX_AT_ONCE, setMaxAges } from './setMaxAges.js';
import { beginSignInLimit, type SignInLimit, storeSignInLimit, usersAfter } from './signInLimitRow.js';
import { deleteUnlimited, noteUnlimited, unlimitedUsers } from './unlimitedSignInRow.js';

/** Of a call; the reconciler makes one at each sweep. */
const USERS_AT_ONCE = 500;

/**
 * Sets the maximum age of sign-in streams that began before the service set one, or while another one was configured. Each call
 * does the next users in the order of their ids, and stores how far it has come. A stream that fails is logged, noted in the
 * vault and passed over. Each call also tries some of those that are noted, which is all it costs once the users are done.
 * Never throws.
 */
export const limitEarlierSignIns = (
  { vault, eventLog, log }: Pick<FactDeps, 'vault' | 'eventLog' | 'log'>,
  days: number,
  usersAtOnce = USERS_AT_ONCE,
): (() => Promise<void>) => {
  let limit: SignInLimit | undefined;

  const retryNoted = async ({ replaced }: SignInLimit): Promise<void> => {
    const tried = await unlimitedUsers(vault, MAX_AT_ONCE);
    if (tried.length === 0) return;
    const failed = (await setMaxAges(eventLog, tried, days, replaced)).map(({ userId }) => userId);
    await noteUnlimited(vault, failed);
    await deleteUnlimited(
      vault,
      tried.filter((userId) => !failed.includes(userId)),
    );
  };

  /** @throws the error of the log if it refuses a whole group of streams: it is down, or lets us write no metadata at all. */
  const limitNext = async ({ replaced, afterUser }: SignInLimit): Promise<SignInLimit> => {
    const users = await usersAfter(vault, afterUser, usersAtOnce);
    for (let from = 0; from < users.length; from += MAX_AT_ONCE) {
      const failed = await setMaxAges(eventLog, users.slice(from, from + MAX_AT_ONCE), days, replaced);
      if (failed.length === MAX_AT_ONCE) throw failed[0]?.error;
      if (failed.length === 0) continue;
      const userIds = failed.map(({ userId }) => userId);
      await noteUnlimited(vault, userIds);
      for (const { userId, error } of failed)
        log.warn('sign-in stream not limited', { stream: signinStream(userId), error });
    }
    const next = { replaced, afterUser: users.at(-1) ?? afterUser, finished: users.length < usersAtOnce };
    await storeSignInLimit(vault, days, next);
    if (next.finished) log.info('all sign-in streams were tried');
    return next;
  };

  return async () => {
    try {
      limit ??= await beginSignInLimit(vault, days);
      await retryNoted(limit);
      if (!limit.finished) limit = await limitNext(limit);
    } catch (error) {
      log.warn('earlier sign-in streams not limited', { error });
    }
  };
};
