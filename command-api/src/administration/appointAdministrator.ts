import { randomUUID } from 'node:crypto';
import { canonicalAddress } from '@ums/contracts/address';
import { addressMac } from '@ums/identity/addressMac';
import { serviceCause } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { countOtherAdministrators, findAccountByAddress } from '../account/accountRow.js';
import type { FactDeps } from '../account/factDeps.js';
import { changeUser } from '../change/changeUser.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';
import { withAdministratorLock } from './administratorLock.js';

/** The nil UUID, which no user has: counts all administrators. */
const NO_USER = '00000000-0000-0000-0000-000000000000';

/**
 * Appoints the first administrator. An operator's command, since there are no default accounts. Works only while no
 * administrator is active, and only for a confirmed user.
 *
 * @throws Refused `administrator-exists`, `not-found` (no active user has this address), `busy`; DependencyUnavailable if no
 * reconciler runs.
 */
export const appointAdministrator = (deps: FactDeps, email: string): Promise<ExistingUser> =>
  withAdministratorLock(deps, async (tx) => {
    if ((await countOtherAdministrators(tx, NO_USER)) > 0) throw new Refused('administrator-exists');
    const address = canonicalAddress(email);
    const account =
      address === undefined ? undefined : await findAccountByAddress(tx, addressMac(deps.addressKey, address));
    if (account === undefined || account.status !== 'active') throw new Refused('not-found');
    return changeUser(deps, {
      userId: account.userId,
      decide: (user) => decide({ type: 'GrantRole', role: 'admin' }, user),
      cause: serviceCause('admin', { id: randomUUID() }),
    });
  });
