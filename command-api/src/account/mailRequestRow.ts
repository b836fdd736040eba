import type { MailPurpose } from '@ums/contracts/events/mail';
import type { Transaction } from '@ums/kit/postgres/transaction';

export interface MailRequest {
  id: string;
  purpose: MailPurpose;
  addressMac: Buffer;
  expiresAt: Date;
}

/** Stores which address a request concerns, as a MAC. Its event, in the stream of the same id, names no address. */
export const addMailRequest = (tx: Transaction, { id, purpose, addressMac, expiresAt }: MailRequest) =>
  tx.query({
    name: 'insert-mail-request',
    text: 'insert into mail_request (id, purpose, address_mac, expires_at) values ($1, $2, $3, $4)',
    values: [id, purpose, addressMac, expiresAt],
  });

export const deleteMailRequestsTo = (tx: Transaction, addressMacs: Buffer[]) =>
  tx.query({
    name: 'delete-mail-requests-to-addresses',
    text: 'delete from mail_request where address_mac = any($1::bytea[])',
    values: [addressMacs],
  });

/** Deletes expired requests. Locked rows are left to a later sweep. */
export const sweepMailRequests = (tx: Transaction, now: Date) =>
  tx.query({
    name: 'sweep-mail-requests',
    text: `delete from mail_request where id in (
             select id from mail_request where expires_at <= $1 for update skip locked)`,
    values: [now],
  });
