import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import type { UserAddresses } from '../account/addressRow.js';
import type { FactDeps } from '../account/factDeps.js';
import type { EmailChanges } from '../user/emailChanges.js';

/**
 * The current address, and those that a change can still be undone to. `undefined` when they cannot be unsealed: in a
 * restored vault without the user's data key.
 */
export const userAddresses = (
  { addressKey, clock }: Pick<FactDeps, 'addressKey' | 'clock'>,
  { email, requestedChanges }: EmailChanges,
): UserAddresses | undefined => {
  if (isErased(email)) return undefined;
  const now = clock.now();
  // An address that was replaced more than once is held until the latest time.
  const until = new Map<string, Date>();
  for (const { previousEmail, heldUntil } of requestedChanges)
    if (!isErased(previousEmail) && heldUntil !== undefined && heldUntil > now) until.set(previousEmail, heldUntil);
  until.delete(email);
  return {
    current: addressMac(addressKey, email),
    held: [...until].map(([address, time]) => ({ mac: addressMac(addressKey, address), until: time })),
  };
};
