import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { changeUser } from '../change/changeUser.js';
import { decide } from '../user/decide.js';
import type { ExistingUser, LoadedUser } from '../user/loadUser.js';
import type { SessionDeps } from './sessionDeps.js';

/**
 * Replaces an outdated password hash. Side effect of login: any conflict or failure cancels it, and the next login
 * tries again.
 *
 * @returns the user with the new hash; `undefined` when nothing was appended.
 */
export const upgradePasswordHash = async (
  deps: SessionDeps,
  { userId, revision }: LoadedUser,
  { password, hash }: { password: string; hash: string },
  origin: RequestOrigin,
): Promise<ExistingUser | undefined> => {
  if (!deps.passwords.isOutdated(hash)) return undefined;
  try {
    const passwordHash = await deps.passwords.hash(password, {
      purpose: 'log-in',
      source: origin.source.bucket,
    });
    return await changeUser(deps, {
      userId,
      decide: (state) => decide({ type: 'UpgradePasswordHash', verifiedHash: hash, passwordHash }, state),
      cause: causedBy(origin, { kind: 'user', id: userId }),
      ifMatch: revision,
    });
  } catch (error) {
    const reason = error instanceof Refused ? error.slug : 'failed';
    deps.log.warn('password hash not upgraded', { userId, reason, error });
    return undefined;
  }
};
