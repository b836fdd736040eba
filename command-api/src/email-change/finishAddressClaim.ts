import type { ServiceActor } from '@ums/contracts/metadata';
import { serviceCause } from '@ums/kit/facts/cause';
import { withTransaction } from '@ums/kit/postgres/transaction';
import { Refused } from '@ums/kit/refused';
import { lockAccount } from '../account/accountRow.js';
import { deleteAddressClaim, type TakenClaim } from '../account/addressClaim.js';
import { writeAddresses } from '../account/addressRow.js';
import type { FactDeps } from '../account/factDeps.js';
import { userAddresses } from '../change/userAddresses.js';
import { loadUser } from '../user/loadUser.js';
import { takeAddress } from './takeAddress.js';

/** The change does not apply to the user any more, or not while they are suspended. */
const NOT_ALLOWED: readonly string[] = ['token-invalid', 'account-suspended'];

/**
 * Finishes a claim whose confirmation was interrupted: appends the event that it was made for, with the same function as the
 * confirmation. If the user's state does not allow the change any more, releases the address. Idempotent.
 *
 * @param by name of the acting service, for the event's metadata.
 * @throws Refused `conflict`; LogUnavailable. The next sweep tries again.
 */
export const finishAddressClaim = async (deps: FactDeps, claim: TakenClaim, by: ServiceActor): Promise<void> => {
  const { facts } = await loadUser(deps, claim.userId);
  const requested = facts.find((fact) => fact.type === 'EmailChangeRequested' && fact.data.changeId === claim.changeId);
  const occasion = requested && { id: requested.id, correlationId: requested.metadata.$correlationId };
  try {
    await takeAddress(deps, claim, serviceCause(by, occasion ?? { id: claim.changeId }));
  } catch (error) {
    if (!(error instanceof Refused && NOT_ALLOWED.includes(error.slug))) throw error;
  }
  await release(deps, claim);
};

/**
 * Ends the claim, if it is still the same: a settled change has none, and a confirmation may have renewed it. An address that
 * a change can still be undone to is held again. Does nothing if the vault does not have the state that was loaded: the user
 * has changed since, and the next sweep tries again.
 */
const release = async (deps: FactDeps, claim: TakenClaim): Promise<void> => {
  const { state, revision } = await loadUser(deps, claim.userId);
  // An erasure deletes all addresses of the user.
  const addresses = state.status === 'unknown' || state.status === 'erased' ? undefined : userAddresses(deps, state);
  if (addresses === undefined) return;
  await withTransaction(deps.vault, async (tx) => {
    const account = await lockAccount(tx, claim.userId);
    if (account?.status === 'erased' || account?.revision !== revision) return;
    if (await deleteAddressClaim(tx, claim)) await writeAddresses(tx, claim.userId, addresses);
  });
};
