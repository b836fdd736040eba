import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { countMail, type MailCount, type MailCountValues } from '../limits/countMail.js';

export interface NewEmailChange {
  id: string;
  userId: string;
  /** Of the new address. */
  addressMac: Buffer;
  expiresAt: Date;
}

/**
 * Counts the mail with the link and stores what the link is verified with, in one statement. Stores nothing if `retry_at` is
 * set, or for an erased user: the lock on the account waits for an erasure in progress, whose deletion would miss the new row.
 * The notifier sends no link unless the mail was counted.
 */
export const addEmailChange = async (
  vault: Transaction,
  { id, userId, addressMac, expiresAt }: NewEmailChange,
  mail: MailCountValues,
): Promise<MailCount> => {
  const { rows } = await vault.query<MailCount>({
    name: 'insert-email-change',
    text: `with mail as (${countMail(5)}),
             stored as (insert into email_change (id, user_id, address_mac, expires_at, mail)
                        select $1, user_id, $3, $4, counted from account, mail
                        where user_id = $2 and status <> 'erased' and retry_at is null for share of account)
           select counted, retry_at from mail`,
    values: [id, userId, addressMac, expiresAt, ...mail],
  });
  return rows[0] as MailCount;
};

/** Counts the mail with the link of a request whose mail was not counted before, and marks the request if that is allowed. */
export const countLaterMail = async (vault: Transaction, id: string, mail: MailCountValues): Promise<MailCount> => {
  const { rows } = await vault.query<MailCount>({
    name: 'count-later-email-change',
    text: `with mail as (${countMail(2)}),
             marked as (update email_change set mail = true from mail where id = $1 and counted and retry_at is null)
           select counted, retry_at from mail`,
    values: [id, ...mail],
  });
  return rows[0] as MailCount;
};

export interface EmailChangeRow extends Pick<NewEmailChange, 'id' | 'userId' | 'addressMac'> {
  /** Of the user's address now, which failed attempts count for. */
  currentMac: Buffer;
  /** What its mailed link is verified with: also the MAC from before ADDRESS_KEY was replaced. */
  linkMacs: Buffer[];
}

/** A request that has not expired, whether or not it was confirmed. */
export const findEmailChange = async (tx: Transaction, id: string, now: Date): Promise<EmailChangeRow | undefined> => {
  const { rows } = await tx.query<EmailChangeRow>({
    name: 'find-email-change',
    text: `select id, email_change.user_id as "userId", address_mac as "addressMac", mac as "currentMac",
             array_remove(array[address_mac, email_change.former_mac], null) as "linkMacs"
           from email_change join address on address.user_id = email_change.user_id and state = 'current'
           where id = $1 and expires_at > $2`,
    values: [id, now],
  });
  return rows[0];
};

/** Deletes a user's requests, and all others that name these addresses. @returns who asked for which address */
export const deleteEmailChangesOf = async (
  tx: Transaction,
  userId: string,
  addressMacs: Buffer[],
): Promise<Pick<NewEmailChange, 'userId' | 'addressMac'>[]> => {
  const { rows } = await tx.query<Pick<NewEmailChange, 'userId' | 'addressMac'>>({
    name: 'delete-email-changes-of-user',
    text: `delete from email_change where user_id = $1 or address_mac = any($2::bytea[])
           returning user_id as "userId", address_mac as "addressMac"`,
    values: [userId, addressMacs],
  });
  return rows;
};

/** Deletes a request that no event follows. */
export const deleteEmailChange = (vault: Transaction, id: string) =>
  vault.query({ name: 'delete-email-change', text: 'delete from email_change where id = $1', values: [id] });

/** Deletes expired requests. Locked rows are left to a later sweep. */
export const sweepEmailChanges = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-email-changes',
      text: `delete from email_change where id = any(array(
               select id from email_change where expires_at <= $1 order by expires_at limit $2 for update skip locked))`,
      values: [now, limit],
    }),
  );
