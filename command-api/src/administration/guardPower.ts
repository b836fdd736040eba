import type { UserEvent } from '@ums/contracts/events/user';
import { Refused } from '@ums/kit/refused';
import { type ChangedUser, changeUser, type UserChange } from '../change/changeUser.js';
import type { CommandDeps } from '../commandDeps.js';
import type { UserState } from '../user/userState.js';
import { withAdministratorLock } from './administratorLock.js';
import { countOtherAdministrators } from './administrators.js';

/** Internal to this file: the change needs the lock. */
class PowerAtStake extends Error {}

/**
 * Carries out a change that may take an administrator's power. A user who is no administrator is changed at once: the append
 * at an exact revision guarantees that they still are none. Otherwise another administrator must remain.
 *
 * @param confirmCaller called under the lock: another administrator may have suspended the caller while they waited.
 * @throws Refused `last-administrator` (409), and what {@link changeUser}, `confirmCaller` and `withAdministratorLock` refuse.
 */
export const guardPower = async (
  deps: CommandDeps,
  change: UserChange,
  confirmCaller: () => Promise<unknown>,
): Promise<ChangedUser> => {
  const unguarded = (user: UserState): UserEvent[] => {
    const events = change.decide(user);
    if (events.length > 0 && isAdministrator(user)) throw new PowerAtStake();
    return events;
  };
  try {
    return await changeUser(deps, { ...change, decide: unguarded });
  } catch (error) {
    if (!(error instanceof PowerAtStake)) throw error;
  }
  return withAdministratorLock(deps, async (tx) => {
    await confirmCaller();
    if ((await countOtherAdministrators(tx, change.userId)) === 0) throw new Refused('last-administrator');
    return changeUser(deps, change);
  });
};

const isAdministrator = (user: UserState): boolean => user.status === 'active' && user.roles.includes('admin');
