import type { MailPurpose } from '@ums/contracts/events/mail';
import type { Transaction } from '@ums/kit/postgres/transaction';

export interface MailRequest {
  id: string;
  purpose: MailPurpose;
  addressMac: Buffer;
  expiresAt: Date;
}

export const addMailRequest = (tx: Transaction, { id, purpose, addressMac, expiresAt }: MailRequest) =>
  tx.query('insert into mail_request (id, purpose, address_mac, expires_at) values ($1, $2, $3, $4)', [
    ...[id, purpose, addressMac, expiresAt],
  ]);

export const sweepMailRequests = (tx: Transaction, now: Date) =>
  tx.query(
    `delete from mail_request where id in (
       select id from mail_request where expires_at <= $1 for update skip locked)`,
    [now],
  );
