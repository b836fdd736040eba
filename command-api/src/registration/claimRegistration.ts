import { withTransaction } from '@ums/kit/postgres/transaction';
import { Refused } from '@ums/kit/refused';
import { newDataKey } from '@ums/kit/sealing/sealing';
import type { FactDeps } from '../commandDeps.js';
import { beginAccount, lockAccount } from '../vault/account.js';
import { takeAddress } from '../vault/address.js';
import { insertKey } from '../vault/dataKey.js';
import { lockRegistration } from '../vault/registration.js';
import { userIdOf } from './derivedIds.js';

/**
 * Takes address, key and account for a registration whose token and password were proven: all or none. The address is
 * unique, so of several registrations of one address the first confirmation wins.
 *
 * @returns whether the registration was completed before: then nothing is left to do.
 * @throws Refused `token-invalid` when the registration is over or the address went to somebody else.
 */
export const claimRegistration = (deps: FactDeps, registrationId: string): Promise<boolean> =>
  withTransaction(deps.vault, async (tx) => {
    const userId = userIdOf(registrationId);
    const account = await lockAccount(tx, userId);
    if (account?.status === 'erased') throw new Refused('token-invalid');
    const registration = await lockRegistration(tx, registrationId, deps.clock.now());
    if (registration === undefined) throw new Refused('token-invalid');
    // Once active, the account may have gone on to another address; claiming this one again would bring it back.
    if (registration.completed || (account !== undefined && account.status !== 'registering'))
      return registration.completed;
    await beginAccount(tx, userId, registrationId);
    await insertKey(tx, userId, deps.masterKeys.wrap(userId, newDataKey()));
    const owner = await takeAddress(tx, registration.addressMac, userId);
    if (owner !== userId) throw new Refused('token-invalid');
    return false;
  });
