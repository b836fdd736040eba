import type { Transaction } from '@ums/kit/postgres/transaction';
import { accountOf, bucketsOf } from '../limits/buckets.js';

/** Whose rows go with an erasure. */
export interface ErasedPerson {
  userId: string;
  registrationId: string | undefined;
}

/**
 * Deletes every row of the vault that an erased person leaves besides the account and the key's tombstone: sessions,
 * registrations, addresses, mail requests and attempts. Registrations before addresses, in the order confirmations lock
 * them: the other way round the two could deadlock.
 */
export const deleteTraces = async (
  tx: Transaction,
  { addressKey }: { addressKey: Buffer },
  { userId, registrationId }: ErasedPerson,
): Promise<void> => {
  const { rows } = await tx.query<{ mac: Buffer }>('select mac from address where user_id = $1', [userId]);
  const macs = rows.map(({ mac }) => mac);
  await tx.query('delete from session where user_id = $1', [userId]);
  await tx.query(
    `with gone as (delete from registration where id = $1 or address_mac = any($2::bytea[]) returning id)
     delete from data_key using gone where data_key.subject = gone.id`,
    [registrationId ?? null, macs],
  );
  await tx.query('delete from address where user_id = $1', [userId]);
  await tx.query('delete from mail_request where address_mac = any($1::bytea[])', [macs]);
  const { account } = bucketsOf(addressKey);
  await tx.query('delete from attempt where account = any($1::bytea[])', [macs.map((mac) => account(accountOf(mac)))]);
};
