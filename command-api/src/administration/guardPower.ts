import type { UserEvent } from '@ums/contracts/events/user';
import { Refused } from '@ums/kit/refused';
import type { CommandDeps } from '../commandDeps.js';
import { type ChangedUser, handle, type UserChange } from '../facts/handle.js';
import type { UserState } from '../user/userState.js';
import { countOtherAdministrators } from '../vault/account.js';
import { withAdministratorLock } from './administratorLock.js';

/** Thrown inside, never to a caller: the change needs the lock. */
class PowerAtStake extends Error {}

/**
 * Handles a change that may take an administrator's power. Whoever has none is changed at once: a decision on a stream
 * at an exact revision is one about somebody without that power. Otherwise there has to be another administrator.
 *
 * @param stillLive asked under the lock: who waited for it may have been suspended by whoever held it.
 * @throws Refused `last-administrator` (409), and what {@link handle}, `stillLive` and `withAdministratorLock` say.
 */
export const guardPower = async (
  deps: CommandDeps,
  change: UserChange,
  stillLive: () => Promise<void>,
): Promise<ChangedUser> => {
  const unguarded = (user: UserState): UserEvent[] => {
    const events = change.decide(user);
    if (events.length > 0 && isAdministrator(user)) throw new PowerAtStake();
    return events;
  };
  try {
    return await handle(deps, { ...change, decide: unguarded });
  } catch (error) {
    if (!(error instanceof PowerAtStake)) throw error;
  }
  return withAdministratorLock(deps, async (tx) => {
    await stillLive();
    if ((await countOtherAdministrators(tx, change.userId)) === 0) throw new Refused('last-administrator');
    return handle(deps, change);
  });
};

const isAdministrator = (user: UserState): boolean => user.status === 'active' && user.roles.includes('admin');
