import type { UserEvent } from '@ums/contracts/events/user';
import { Refused } from '@ums/kit/refused';
import { countOtherAdministrators } from '../account/accountRow.js';
import type { FactDeps } from '../account/factDeps.js';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import { changeUser, type UserChange } from '../change/changeUser.js';
import type { ExistingUser } from '../user/loadUser.js';
import type { UserState } from '../user/userState.js';
import { withAdministratorLock } from './administratorLock.js';

/** Internal to this file: the change takes an administrator away, so it needs the lock. */
class LockNeeded extends Error {}

/**
 * Carries out a change that may leave the system without an active administrator. A change that takes none away needs no
 * lock: the append at an exact revision guarantees that the decision was about the current state. Any other is carried out
 * under the lock, and only if another active administrator remains.
 *
 * @param confirmCaller called under the lock: another administrator may have suspended the caller while they waited.
 * @throws Refused `last-administrator` (409), and what {@link changeUser}, `confirmCaller` and `withAdministratorLock` refuse.
 */
export const changeUnlessLastAdministrator = async (
  deps: FactDeps,
  change: UserChange,
  confirmCaller: () => Promise<LiveCallerWith<'admin'>>,
): Promise<ExistingUser> => {
  const unlessRemoved =
    (refusal: () => Error) =>
    (...[user, facts]: Parameters<UserChange['decide']>) => {
      const events = change.decide(user, facts);
      if (isAdministrator(user) && events.some(removesAdministrator)) throw refusal();
      return events;
    };
  try {
    return await changeUser(deps, { ...change, decide: unlessRemoved(() => new LockNeeded()) });
  } catch (error) {
    if (!(error instanceof LockNeeded)) throw error;
  }
  return withAdministratorLock(deps, async (tx) => {
    await confirmCaller();
    const isLast = (await countOtherAdministrators(tx, change.userId)) === 0;
    return changeUser(
      deps,
      isLast ? { ...change, decide: unlessRemoved(() => new Refused('last-administrator')) } : change,
    );
  });
};

const isAdministrator = (user: UserState): boolean => user.status === 'active' && user.roles.includes('admin');

const removesAdministrator = (event: UserEvent): boolean =>
  event.type === 'UserSuspended' ||
  event.type === 'UserErasureStarted' ||
  (event.type === 'RoleRevoked' && event.data.role === 'admin');
