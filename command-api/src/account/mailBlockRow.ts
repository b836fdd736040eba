import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** Whom an address concerns that a mail went to: the user who has it, one who asks for it, or a pending registration. */
export interface MailSubject {
  kind: 'owner' | 'requester' | 'registration';
  /** Of the user or the registration. */
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
             select 1 as rank, case status when 'registering' then 'registration' else 'owner' end as kind,
                    case status when 'registering' then registration_id else user_id end as id, now() as at
             from address join account using (user_id) where mac = $1 and status <> 'erased'
             union all
             select 2, 'requester', user_id, expires_at from email_change where address_mac = $1 and expires_at > $2
             union all
             select 3, 'registration', id, requested_at from registration
             where address_mac = $1 and expires_at > $2 and completed_at is null) as found
           order by rank, at desc limit 1`,
    values: [mac, now],
  });
  return rows[0];
};

/** What a user's events say about mail to their addresses, which are keyed hashes. */
export interface UserMailBlocks {
  current: Buffer;
  /** Current, requested and earlier addresses that get no mail. */
  blocked: readonly { mac: Buffer; kind: MailBlockKind }[];
}

/**
 * Makes the blocks of a user's addresses agree with these. Leaves out an address that the user neither has nor asks for any more, or
 * that another user has by now. The account's row must be locked.
 */
export const writeMailBlocks = (tx: Transaction, userId: string, { current, blocked }: UserMailBlocks) =>
  tx.query({
    name: 'write-mail-blocks',
    text: `with ended as (
             delete from mail_block where mac = $2 and mac <> all($3::bytea[])
               and exists (select from address where address.mac = $2 and user_id = $1))
           insert into mail_block (mac, kind)
           select mac, kind from unnest($3::bytea[], $4::text[]) as blocked (mac, kind)
           where exists (select from address where address.mac = blocked.mac and user_id = $1)
              or (not exists (select from address where address.mac = blocked.mac)
                and exists (select from email_change where address_mac = blocked.mac and user_id = $1))
           on conflict (mac) do update set kind = excluded.kind where mail_block.kind <> 'complaint'`,
    values: [userId, current, blocked.map(({ mac }) => mac), blocked.map(({ kind }) => kind)],
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

/** Few enough that the addresses of a page are found by index. */
const PAGE = 1_000;

/**
 * Deletes the blocks of addresses that belong to no account, registration or requested change any more. Looks at all blocks, a
 * page in each statement: a single statement would compare them with all addresses, and take longer than it may.
 */
export const sweepMailBlocks = async (vault: Transaction, page = PAGE): Promise<void> => {
  let last: Buffer | undefined = Buffer.alloc(0);
  while (last !== undefined) {
    const { rows }: { rows: { mac: Buffer }[] } = await vault.query<{ mac: Buffer }>({
      name: 'sweep-mail-blocks',
      text: `with page as (select mac from mail_block where mac > $1 order by mac limit $2),
               gone as (
                 delete from mail_block as block using page where block.mac = page.mac
                   and not exists (select from address where mac = page.mac)
                   and not exists (select from email_change where address_mac = page.mac)
                   and not exists (select from registration where address_mac = page.mac))
             select mac from page order by mac offset $2::integer - 1`,
      values: [last, page],
    });
    last = rows[0]?.mac;
  }
};
