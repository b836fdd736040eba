import type { UserEvent } from '@ums/contracts/events/user';
import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import type { Cause } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { claimAddress } from '../account/addressClaim.js';
import type { FactDeps } from '../account/factDeps.js';
import { changeUser } from '../change/changeUser.js';
import { decide } from '../user/decide.js';
import { emailChangeEventId } from '../user/derivedIds.js';
import type { ExistingUser } from '../user/loadUser.js';

export interface AddressTaking {
  userId: string;
  changeId: string;
  /** Whether the user gets back the address before the change, instead of the one after it. */
  undoes: boolean;
}

/**
 * The steps of a confirmed or undone change after its link was verified: claims the address, appends the event, settles the
 * account, which makes the address current. Each step is idempotent: a repeat, or the reconciler, resumes after a crash.
 *
 * The claim follows the decision, and the append fails if the user has changed since. A claim that is released, because a
 * later state of the user does not allow the change, therefore has no event.
 *
 * @throws Refused `token-invalid` when the change has ended, the user is erased, or another user has the address;
 * `account-suspended`, `conflict`; LogUnavailable.
 */
export const takeAddress = async (
  deps: FactDeps,
  { userId, changeId, undoes }: AddressTaking,
  cause: Cause,
): Promise<ExistingUser> => {
  const type = undoes ? 'UndoEmailChange' : 'ConfirmEmailChange';
  const claim = async (events: readonly UserEvent[]): Promise<void> => {
    const mac = addressMac(deps.addressKey, emailOf(events));
    const outcome = await claimAddress(deps.vault, { mac, userId, changeId, undoes });
    if (outcome !== 'claimed') throw new Refused('token-invalid');
    deps.crashPoint?.('address-claimed');
  };
  try {
    return await changeUser(deps, {
      ...{ userId, cause },
      decide: (user) => decide({ type, changeId }, user),
      eventIds: [emailChangeEventId(undoes ? 'EmailChangeUndone' : 'EmailChanged', changeId)],
      beforeAppend: claim,
    });
  } catch (error) {
    // Erased since the link was verified.
    if (error instanceof Refused && error.slug === 'not-found') throw new Refused('token-invalid');
    throw error;
  }
};

/** The address in the event that was decided. */
const emailOf = (events: readonly UserEvent[]): string => {
  for (const event of events)
    if ((event.type === 'EmailChanged' || event.type === 'EmailChangeUndone') && !isErased(event.data.email))
      return event.data.email;
  throw new TypeError('no address to claim');
};
