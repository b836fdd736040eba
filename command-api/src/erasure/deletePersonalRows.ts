import type { Transaction } from '@ums/kit/postgres/transaction';
import { accountNameOf, attemptBuckets } from '../limits/buckets.js';

/** Identifies the rows that an erasure deletes. */
export interface ErasedPerson {
  userId: string;
  registrationId: string | undefined;
}

/**
 * Deletes an erased user's rows in the vault: sessions, remembered requests, registrations, addresses, mail requests,
 * attempts and known sources. Only the account and the tombstone of the key remain. Registrations are deleted before
 * addresses because confirmations lock them in that order; the opposite order could deadlock.
 */
export const deletePersonalRows = async (
  tx: Transaction,
  { addressKey }: { addressKey: Buffer },
  { userId, registrationId }: ErasedPerson,
): Promise<void> => {
  const { rows } = await tx.query<{ mac: Buffer }>('select mac from address where user_id = $1', [userId]);
  const macs = rows.map(({ mac }) => mac);
  await tx.query('delete from session where user_id = $1', [userId]);
  await tx.query('delete from idempotency where user_id = $1', [userId]);
  await tx.query(
    `with gone as (delete from registration where id = $1 or address_mac = any($2::bytea[]) returning id)
     delete from data_key using gone where data_key.subject = gone.id`,
    [registrationId ?? null, macs],
  );
  await tx.query('delete from known_source where user_id = $1', [userId]);
  await tx.query('delete from address where user_id = $1', [userId]);
  await tx.query('delete from mail_request where address_mac = any($1::bytea[])', [macs]);
  const { account } = attemptBuckets(addressKey);
  await tx.query('delete from attempt where account = any($1::bytea[])', [
    macs.map((mac) => account(accountNameOf(mac))),
  ]);
};
