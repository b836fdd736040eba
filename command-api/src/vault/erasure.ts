import type { Transaction } from '@ums/kit/postgres/transaction';

/** Notes that a user's erasure has work left outside the vault. */
export const addErasure = (tx: Transaction, userId: string) =>
  tx.query('insert into erasure (user_id) values ($1) on conflict do nothing', [userId]);

/** Users whose erasure is not finished, the oldest first. */
export const unfinishedErasures = async (tx: Transaction): Promise<string[]> => {
  const { rows } = await tx.query<{ user_id: string }>('select user_id from erasure order by started_at, user_id');
  return rows.map((row) => row.user_id);
};

export const deleteErasure = (tx: Transaction, userId: string) =>
  tx.query('delete from erasure where user_id = $1', [userId]);
