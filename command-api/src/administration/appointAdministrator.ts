import { randomUUID } from 'node:crypto';
import { canonicalAddress } from '@ums/contracts/address';
import { addressMac } from '@ums/kit/address/addressMac';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../commandDeps.js';
import { ownCause } from '../facts/cause.js';
import { type ChangedUser, handle } from '../facts/handle.js';
import { decide } from '../user/decide.js';
import { countOtherAdministrators, findOwner } from '../vault/account.js';
import { withAdministratorLock } from './administratorLock.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Gives the first administrator his power (A-07: there are no default accounts): the operator's command, only while no
 * administrator is active, and only to a confirmed user.
 *
 * @throws Refused `administrator-exists`, `not-found` (nobody active has this address), `busy`; DependencyUnavailable
 * when the keeper does not run.
 */
export const appointAdministrator = (deps: FactDeps, email: string): Promise<ChangedUser> =>
  withAdministratorLock(deps, async (tx) => {
    if ((await countOtherAdministrators(tx, NOBODY)) > 0) throw new Refused('administrator-exists');
    const address = canonicalAddress(email);
    const account = address === undefined ? undefined : await findOwner(tx, addressMac(deps.addressKey, address));
    if (account === undefined || account.status !== 'active') throw new Refused('not-found');
    return handle(deps, {
      userId: account.userId,
      decide: (user) => decide({ type: 'GrantRole', role: 'admin' }, user),
      cause: ownCause('admin', { id: randomUUID() }),
    });
  });
