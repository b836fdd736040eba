import type { MailPurpose } from '@ums/contracts/events/mail';
import { MOST_MAILED_AGAIN } from '@ums/identity/vault/registrations';
import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { countMail, type MailCount, type MailCountValues } from '../limits/countMail.js';

export interface MailRequest {
  id: string;
  purpose: MailPurpose;
  addressMac: Buffer;
  expiresAt: Date;
}

/**
 * Counts the mail and stores which address a request concerns, as a MAC, in one statement. Stores nothing if `retry_at` is
 * set, and an expired request unless the mail was counted. Its event, in the stream of the same id, names no address. Registrations
 * whose link may be mailed now are not removed when others of the address follow.
 */
export const addMailRequest = async (
  vault: Transaction,
  { id, purpose, addressMac, expiresAt }: MailRequest,
  now: Date,
  mail: MailCountValues,
): Promise<MailCount> => {
  const { rows } = await vault.query<MailCount>({
    name: 'insert-mail-request',
    text: `with mail as (${countMail(6)}),
             stored as (insert into mail_request (id, purpose, address_mac, expires_at)
                        select $1, $2, $3, case when counted then $4::timestamptz else $5 end from mail
                        where retry_at is null),
             named as (update registration set resent = true where id in (
                         select registration.id from registration, mail
                         where counted and address_mac = $3 and completed_at is null
                           and registration.expires_at > $5
                         order by requested_at desc, registration.id limit $12
                         for update of registration skip locked))
           select counted, retry_at from mail`,
    values: [id, purpose, addressMac, expiresAt, now, ...mail, MOST_MAILED_AGAIN],
  });
  return rows[0] as MailCount;
};

export const deleteMailRequestsTo = (tx: Transaction, addressMacs: Buffer[]) =>
  tx.query({
    name: 'delete-mail-requests-to-addresses',
    text: 'delete from mail_request where address_mac = any($1::bytea[])',
    values: [addressMacs],
  });

/** Deletes a request whose event is not known to be in the log. The notifier sends nothing for an event without its request. */
export const deleteMailRequest = (vault: Transaction, id: string) =>
  vault.query({ name: 'delete-mail-request', text: 'delete from mail_request where id = $1', values: [id] });

/** Deletes expired requests. Locked rows are left to a later sweep. */
export const sweepMailRequests = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-mail-requests',
      text: `delete from mail_request where id = any(array(
               select id from mail_request where expires_at <= $1 order by expires_at limit $2 for update skip locked))`,
      values: [now, limit],
    }),
  );
