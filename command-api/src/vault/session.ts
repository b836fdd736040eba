import type { Transaction } from '@ums/kit/postgres/transaction';

/** Deletes the sessions a user began before the event of this revision. */
export const endSessionsBefore = (tx: Transaction, userId: string, epoch: bigint) =>
  tx.query('delete from session where user_id = $1 and epoch < $2', [userId, String(epoch)]);

export const endAllSessions = (tx: Transaction, userId: string) =>
  tx.query('delete from session where user_id = $1', [userId]);

/** Those of some sessions that still have a row. */
export const livingSessions = async (tx: Transaction, ids: readonly string[]): Promise<string[]> => {
  const { rows } = await tx.query<{ id: string }>('select id from session where id = any($1::uuid[])', [ids]);
  return rows.map(({ id }) => id);
};

export const sweepSessions = (tx: Transaction, now: Date) =>
  tx.query('delete from session where id in (select id from session where expires_at <= $1 for update skip locked)', [
    now,
  ]);
