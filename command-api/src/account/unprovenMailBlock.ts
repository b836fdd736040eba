import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';

interface NewBlock {
  mac: Buffer;
  kind: MailBlockKind;
}

/**
 * Stops mail to the address of a registration. Does nothing once the registration has ended, or its address was proven: then the
 * mail that came back was an earlier one. A complaint stays one.
 */
export const addRegistrationMailBlock = (
  vault: pg.Pool,
  { mac, kind, registrationId }: NewBlock & { registrationId: string },
): Promise<void> =>
  withTransaction(vault, async (tx) => {
    // A statement of its own, so that the next one sees the address of a confirmation that it has waited for.
    await tx.query({
      name: 'lock-registration',
      text: 'select from registration where id = $1 for share',
      values: [registrationId],
    });
    await tx.query({
      name: 'insert-mail-block',
      text: `insert into mail_block (mac, kind)
             select $1, $2 from registration
             where id = $3 and completed_at is null and not exists (select from address where mac = $1)
             on conflict (mac) do update set kind = excluded.kind where mail_block.kind <> 'complaint'`,
      values: [mac, kind, registrationId],
    });
  });

/**
 * Stops mail to an address that a user asks for. A complaint stays one.
 *
 * @returns `known` if there was such a block; `changed`, and adds none, if the request has ended or somebody has proven the address.
 */
export const addRequestedMailBlock = (
  vault: pg.Pool,
  { mac, kind, userId }: NewBlock & { userId: string },
  now: Date,
): Promise<'recorded' | 'known' | 'changed'> =>
  withTransaction(vault, async (tx) => {
    await lockAccountOfRequest(tx, userId);
    const { rows } = await tx.query<{ asked: boolean; stored: boolean }>({
      name: 'insert-mail-block-of-request',
      text: `with asked as (
               select from email_change where address_mac = $1 and user_id = $3 and expires_at > $4
                 and not exists (select from address where mac = $1) limit 1),
             stored as (
               insert into mail_block (mac, kind) select $1, $2 from asked
               on conflict (mac) do update set kind = excluded.kind
                 where mail_block.kind <> 'complaint' and mail_block.kind <> excluded.kind
               returning mac)
             select exists (select from asked) as asked, exists (select from stored) as stored`,
      values: [mac, kind, userId, now],
    });
    if (rows[0]?.asked !== true) return 'changed';
    return rows[0].stored ? 'recorded' : 'known';
  });

/** Waits for a claim of the address, which the next statement then sees, or lets it wait: its settling ends the block. */
const lockAccountOfRequest = (tx: Transaction, userId: string) =>
  tx.query({
    name: 'lock-account-of-request',
    text: 'select from account where user_id = $1 for share',
    values: [userId],
  });
