import type { UserEvent } from '@ums/contracts/events/user';
import { Refused } from '@ums/kit/refused';
import { countOtherAdministrators } from '../account/accountRow.js';
import type { FactDeps } from '../account/factDeps.js';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import { changeUser, type UserChange } from '../change/changeUser.js';
import type { ExistingUser } from '../user/loadUser.js';
import type { UserState } from '../user/userState.js';
import { withAdministratorLock } from './administratorLock.js';

/** Internal to this file: the change affects an administrator, so it needs the lock. */
class LockNeeded extends Error {}

/**
 * Carries out a change that may leave the system without an active administrator. A user who is not an administrator is
 * changed without the lock: the append at an exact revision guarantees that they are not one. An administrator is changed
 * under the lock, and only if another active one remains.
 *
 * @param confirmCaller called under the lock: another administrator may have suspended the caller while they waited.
 * @throws Refused `last-administrator` (409), and what {@link changeUser}, `confirmCaller` and `withAdministratorLock` refuse.
 */
export const changeUnlessLastAdministrator = async (
  deps: FactDeps,
  change: UserChange,
  confirmCaller: () => Promise<LiveCallerWith<'admin'>>,
): Promise<ExistingUser> => {
  const decideWithoutLock = (user: UserState): UserEvent[] => {
    const events = change.decide(user);
    if (events.length > 0 && isAdministrator(user)) throw new LockNeeded();
    return events;
  };
  try {
    return await changeUser(deps, { ...change, decide: decideWithoutLock });
  } catch (error) {
    if (!(error instanceof LockNeeded)) throw error;
  }
  return withAdministratorLock(deps, async (tx) => {
    await confirmCaller();
    if ((await countOtherAdministrators(tx, change.userId)) === 0) throw new Refused('last-administrator');
    return changeUser(deps, change);
  });
};

const isAdministrator = (user: UserState): boolean => user.status === 'active' && user.roles.includes('admin');
