import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** The owner of an address that a mail went to: a user who has or requested the address, or a pending registration. */
export interface MailSubject {
  kind: 'user' | 'registration';
  id: string;
}

/**
 * The subject of an address; `undefined` if no user and no registration has or requests it. Until an account is active, its
 * registration is the subject, because the user may not be in the log yet.
 */
export const findMailSubject = async (vault: Transaction, mac: Buffer, now: Date): Promise<MailSubject | undefined> => {
  const { rows } = await vault.query<MailSubject>({
    name: 'find-mail-subject',
    text: `select kind, id from (
             select 1 as rank, case status when 'registering' then 'registration' else 'user' end as kind,
                    case status when 'registering' then registration_id else user_id end as id, now() as at
             from address join account using (user_id) where mac = $1 and status <> 'erased'
             union all
             select 2, 'user', user_id, expires_at from email_change where address_mac = $1 and expires_at > $2
             union all
             select 3, 'registration', id, requested_at from registration
             where address_mac = $1 and expires_at > $2 and completed_at is null) as found
           order by rank, at desc limit 1`,
    values: [mac, now],
  });
  return rows[0];
};

export interface NewMailBlock {
  mac: Buffer;
  kind: MailBlockKind;
  subject: MailSubject;
}

/**
 * Stops mail to an address. Does nothing once the subject has ended: the lock waits for an erasure in progress, whose deletion
 * would miss the new row. A complaint stays one.
 */
export const addMailBlock = (vault: Transaction, { mac, kind, subject }: NewMailBlock) =>
  vault.query({
    name: 'insert-mail-block',
    text: `with subject as (select from account where $3 = 'user' and user_id = $4 and status <> 'erased' for share),
             waiting as (select from registration where $3 = 'registration' and id = $4 for share)
           insert into mail_block (mac, kind)
           select $1, $2 where exists (select from subject) or exists (select from waiting)
           on conflict (mac) do update set kind = excluded.kind where mail_block.kind <> 'complaint'`,
    values: [mac, kind, subject.kind, subject.id],
  });

/** Ends the blocks of addresses, because they were proven or because their user is erased. @returns those that had one. */
export const deleteMailBlocks = async (tx: Transaction, macs: readonly Buffer[]): Promise<Buffer[]> => {
  const { rows } = await tx.query<{ mac: Buffer }>({
    name: 'delete-mail-blocks',
    text: 'delete from mail_block where mac = any($1::bytea[]) returning mac',
    values: [macs],
  });
  return rows.map(({ mac }) => mac);
};

/** Deletes the blocks of addresses that nobody has, asks for, or registers any more. */
export const sweepMailBlocks = (tx: Transaction) =>
  tx.query({
    name: 'sweep-mail-blocks',
    text: `delete from mail_block as block
           where not exists (select from address where mac = block.mac)
             and not exists (select from email_change where address_mac = block.mac)
             and not exists (select from registration where address_mac = block.mac)`,
  });
