import { replaceCheckValue } from '@ums/identity/vault/checkValue';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';

export const ADDRESS_KEY = 'ADDRESS_KEY';
/** Check value of the key that `address_rewrite` is computed with. */
export const ADDRESS_KEY_NEXT = 'ADDRESS_KEY_NEXT';

/**
 * Puts the new MACs in the place of the old ones and makes the new key the vault's, in one transaction. Deleted are requests
 * that no event followed, and everything that counts under hashes of the old key: attempts, mails and requests, whose times
 * pass within a day, and known sources, which the next log-in makes again.
 *
 * @param whenLocked runs once no service can pass the check of its secrets any more; what it throws ends the transaction.
 * @throws StartRefused if the vault has an address without a new MAC.
 */
export const switchAddresses = (
  vault: pg.Pool,
  { newSecret, now }: { newSecret: Buffer; now: Date },
  whenLocked: (tx: Transaction) => Promise<void>,
): Promise<void> =>
  withTransaction(vault, async (tx) => {
    await tx.query(
      'lock table secret_check, address, registration, email_change, mail_request, mail_block in access exclusive mode',
    );
    await whenLocked(tx);
    await tx.query({
      name: 'switch-addresses',
      // A link that sets a password lives as long as the request it answers.
      text: `with asked as (select address_mac, max(expires_at) as until from mail_request group by address_mac),
               linked as (select old_mac, new_mac, greatest(former_until, until) as until
                          from address_rewrite left join asked on address_mac = old_mac)
             update address set mac = new_mac,
               former_mac = case when until > $1 then old_mac end,
               former_until = case when until > $1 then until end
             from linked where old_mac = mac`,
      values: [now],
    });
    const { rows } = await tx.query<{ left: number }>(`select count(*)::int as left from address
      where not exists (select from address_rewrite where new_mac = mac)`);
    if (rows[0]?.left !== 0)
      throw new StartRefused('An address was added meanwhile; stop all services, then run this again.');
    await tx.query(`update registration set address_mac = new_mac, former_mac = old_mac
      from address_rewrite where old_mac = address_mac`);
    await tx.query(`with gone as (delete from registration
        where not exists (select from address_rewrite where new_mac = address_mac) returning id)
      delete from data_key using gone where subject = gone.id`);
    await tx.query(`update email_change set address_mac = new_mac, former_mac = old_mac
      from address_rewrite where old_mac = address_mac`);
    await tx.query(`delete from email_change
      where not exists (select from address_rewrite where new_mac = address_mac)`);
    await tx.query('update mail_request set address_mac = new_mac from address_rewrite where old_mac = address_mac');
    await tx.query(`delete from mail_request
      where not exists (select from address_rewrite where new_mac = address_mac)`);
    await tx.query('update mail_block set mac = new_mac from address_rewrite where old_mac = mac');
    await tx.query('delete from mail_block where not exists (select from address_rewrite where new_mac = mac)');
    await tx.query('delete from attempt');
    await tx.query('delete from request_count');
    await tx.query('delete from known_source');
    await tx.query('truncate address_rewrite');
    await replaceCheckValue(tx, { name: ADDRESS_KEY, next: ADDRESS_KEY_NEXT, secret: newSecret });
  });
