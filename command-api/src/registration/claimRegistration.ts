import { withTransaction } from '@ums/kit/postgres/transaction';
import { Refused } from '@ums/kit/refused';
import { newDataKey } from '@ums/kit/sealing/sealing';
import { lockAccount } from '../account/accountRow.js';
import { insertAccount, renewClaim } from '../account/accountWrites.js';
import { claimAddress } from '../account/addressRow.js';
import { insertKey } from '../account/dataKeyRow.js';
import type { FactDeps } from '../account/factDeps.js';
import { lockRegistration } from '../account/registrationRow.js';
import { userIdOf } from '../user/derivedIds.js';

/** Another user has the address. To clients it is the refusal of any invalid token (E-04). */
export class AddressTaken extends Refused {
  constructor() {
    super('token-invalid');
  }
}

/**
 * Inserts account, data key and address for a registration whose token and password were verified, in one transaction.
 * The address is unique, so of several registrations of one address the first to be confirmed wins.
 *
 * @returns whether the registration was already completed, so that nothing is left to do.
 * @throws AddressTaken; Refused `token-invalid` when the registration has ended.
 */
export const claimRegistration = (deps: FactDeps, registrationId: string): Promise<boolean> =>
  withTransaction(deps.vault, async (tx) => {
    const userId = userIdOf(registrationId);
    const account = await lockAccount(tx, userId);
    if (account?.status === 'erased') throw new Refused('token-invalid');
    const registration = await lockRegistration(tx, registrationId, deps.clock.now());
    if (registration === undefined) throw new Refused('token-invalid');
    // An active account may have changed its address since; claiming again would give it the old one back.
    if (registration.completed || (account !== undefined && account.status !== 'registering'))
      return registration.completed;
    if (account === undefined) await insertAccount(tx, userId, registrationId);
    else await renewClaim(tx, userId);
    await insertKey(tx, userId, deps.masterKeys.wrap(userId, newDataKey()));
    const owner = await claimAddress(tx, registration.addressMac, userId);
    if (owner !== userId) throw new AddressTaken();
    return false;
  });
