import type { KeyObject } from 'node:crypto';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { addressesOf, deleteAddressesOf } from '../account/addressRow.js';
import { deleteEmailChangesOf } from '../account/emailChangeRow.js';
import { deleteNoOpsOf } from '../account/idempotencyRow.js';
import { deleteMailBlocks } from '../account/mailBlockRow.js';
import { deleteMailRequestsTo } from '../account/mailRequestRow.js';
import { deleteRegistrationsOf } from '../account/registrationRemoval.js';
import { deleteSessionsOf } from '../account/sessionRemoval.js';
import { deleteWaitingGrantsOf } from '../account/waitingGrantRow.js';
import { forgetAttemptsOn } from '../limits/attemptRow.js';
import { attemptBuckets, countedNamesOf, mailNameOf } from '../limits/buckets.js';
import { deleteKnownSourcesOf } from '../limits/knownSourceRow.js';

/** Identifies the rows that an erasure deletes. */
export interface ErasedPerson {
  userId: string;
  registrationId: string | undefined;
}

/**
 * Deletes an erased user's rows in the vault: sessions, remembered requests, places of waiting grants, registrations, addresses,
 * requests of a new address, mail requests, mail blocks, attempts and known sources. Only the account and the tombstone of the
 * key remain. Registrations are deleted before addresses because confirmations lock them in that order; the opposite order could
 * deadlock.
 *
 * @returns the ids of the registrations, and the addresses that got no mail any more.
 */
export const deletePersonalRows = async (
  tx: Transaction,
  { addressKey }: { addressKey: KeyObject },
  { userId, registrationId }: ErasedPerson,
): Promise<{ registrationIds: string[]; blockedMacs: Buffer[] }> => {
  const addressMacs = await addressesOf(tx, userId);
  await deleteSessionsOf(tx, userId);
  await deleteNoOpsOf(tx, userId);
  await deleteWaitingGrantsOf(tx, userId);
  const registrationIds = await deleteRegistrationsOf(tx, { registrationId, addressMacs });
  await deleteKnownSourcesOf(tx, userId);
  await deleteAddressesOf(tx, userId);
  const changes = await deleteEmailChangesOf(tx, userId, addressMacs);
  await deleteMailRequestsTo(tx, addressMacs);
  const blockedMacs = await deleteMailBlocks(tx, addressMacs);
  const { account } = attemptBuckets(addressKey);
  // The notices to the user's own addresses are counted too.
  const asked = [...changes, ...addressMacs.map((mac) => ({ userId, addressMac: mac }))];
  const names = [
    ...addressMacs.flatMap(countedNamesOf),
    ...asked.map((change) => mailNameOf({ kind: 'first-change', ...change })),
  ];
  await forgetAttemptsOn(tx, names.map(account));
  return { registrationIds, blockedMacs };
};
