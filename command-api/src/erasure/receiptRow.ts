import { randomUUID } from 'node:crypto';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** The erasure that a receipt is about. */
export interface ReceiptedErasure {
  userId: string;
  /** Position of `UserErasureStarted`. */
  position: bigint;
  startedAt: Date;
  /** Time of `UserErased`; `undefined` while it is not in the log. */
  finishedAt: Date | undefined;
}

/**
 * Makes the receipt of an erasure, with a random id, unless there is one, and has the notary look at it. The key must be
 * destroyed, and the notice stored if there is to be one. An erasure that was finished before had its pictures deleted by then.
 *
 * @param now time at which mail records are gone if there is no notice.
 */
export const addReceipt = (tx: Transaction, { userId, position, startedAt, finishedAt }: ReceiptedErasure, now: Date) =>
  tx.query({
    name: 'insert-erasure-receipt',
    text: `with added as (
             insert into erasure_receipt (receipt, user_id, position, started_at, vault_erased_at, pictures_deleted_at,
               mail_records_deleted_at, finished_at)
             select $1::uuid, $2::uuid, $3::numeric, $4::timestamptz, erased_at, $5::timestamptz,
               case when not exists (select from farewell where user_id = $2) then $6::timestamptz end, $5
             from data_key where subject = $2 and erased_at is not null
             on conflict do nothing
             returning receipt)
           insert into receipt_statement (receipt) select receipt from added`,
    values: [randomUUID(), userId, String(position), startedAt, finishedAt, now],
  });

/** The id of the receipt of a user's erasure. @throws if the user is not erased in the vault. */
export const receiptOf = async (tx: Transaction, userId: string): Promise<string> => {
  const { rows } = await tx.query<{ receipt: string }>({
    name: 'find-erasure-receipt',
    text: 'select receipt from erasure_receipt where user_id = $1',
    values: [userId],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('an erased user has no receipt');
  return row.receipt;
};

/** Notes that no picture or upload of the user is left. Keeps the time of the first call. */
export const notePicturesDeleted = (tx: Transaction, userId: string, at: Date) =>
  tx.query({
    name: 'note-pictures-deleted',
    text: 'update erasure_receipt set pictures_deleted_at = $2 where user_id = $1 and pictures_deleted_at is null',
    values: [userId, at],
  });
