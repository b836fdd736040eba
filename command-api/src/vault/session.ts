import type { Transaction } from '@ums/kit/postgres/transaction';

/** Deletes the sessions a user began before the event of this revision. */
export const endSessionsBefore = (tx: Transaction, userId: string, epoch: bigint) =>
  tx.query('delete from session where user_id = $1 and epoch < $2', [userId, String(epoch)]);

export const endAllSessions = (tx: Transaction, userId: string) =>
  tx.query('delete from session where user_id = $1', [userId]);
