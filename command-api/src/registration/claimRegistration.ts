import type { KeyObject } from 'node:crypto';
import { Refused } from '@ums/kit/refused';
import { newDataKey } from '@ums/kit/sealing/sealing';
import type { FactDeps } from '../account/factDeps.js';
import { claimForUser } from '../account/registrationRow.js';
import type { StartedAttempt } from '../limits/buckets.js';
import { userIdOf } from '../user/derivedIds.js';

/** Another user has the address. To clients it is the refusal of any invalid token (E-04). */
export class AddressTaken extends Refused {
  constructor() {
    super('token-invalid');
  }
}

export interface ClaimedRegistration {
  /** Nothing is left to do. */
  completed: boolean;
  /** The user's data key, if this claim was the first. */
  dataKey: KeyObject | undefined;
}

/**
 * Inserts account, data key and address for a registration whose link was verified, and clears the attempt on its password, if
 * one was made. The address is unique, so of several registrations of one address the first to be confirmed wins.
 *
 * @throws AddressTaken; Refused `token-invalid` when the registration has ended.
 */
export const claimRegistration = async (
  { vault, masterKeys, clock }: Pick<FactDeps, 'vault' | 'masterKeys' | 'clock'>,
  id: string,
  attempt?: Omit<StartedAttempt, 'clear'>,
): Promise<ClaimedRegistration> => {
  const userId = userIdOf(id);
  const dataKey = newDataKey();
  const claim = await claimForUser(vault, { id, userId, key: masterKeys.wrap(userId, dataKey), attempt }, clock.now());
  if (claim.outcome === 'taken') throw new AddressTaken();
  if (claim.outcome === 'ended') throw new Refused('token-invalid');
  if (claim.outcome === 'completed') return { completed: true, dataKey: undefined };
  return { completed: false, dataKey: claim.keyStored ? dataKey : undefined };
};
